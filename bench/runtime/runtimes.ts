/** The runtimes that are measured, each a process of its own over a file of routings. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RuntimeLimits } from "@lmos/runtime";
import { routingsFor } from "./catalogue.ts";
import { type Child, startChild } from "./child.ts";

/** As the manifests start it: deploy/kubernetes/base/runtime.yaml. */
const nodeOptions = ["--max-semi-space-size=4"];
const environment = { MALLOC_MMAP_THRESHOLD_: "16384", MALLOC_TRIM_THRESHOLD_: "131072" };

/** Starts the baseline of streams, with the same options. */
export function startStreamProcess(): Promise<Child> {
  return startChild("./stream-process/main.ts", { nodeOptions, environment });
}

/** What a runtime serves, and within which limits. */
export interface RuntimeWish {
  /** Port of the agent that all of its agents are. */
  readonly agentPort: number;
  readonly channels: number;
  readonly limits?: Partial<RuntimeLimits>;
}

/** Starts one; resolves when it is ready. */
export async function startRuntimeProcess({ agentPort, channels, limits = {} }: RuntimeWish): Promise<Child> {
  const directory = await mkdtemp(join(tmpdir(), "bench-runtime-"));
  try {
    const file = join(directory, "routings.json");
    await writeFile(file, JSON.stringify(await routingsFor(`127.0.0.1:${agentPort}`, channels)));
    const args = [file, JSON.stringify(limits)];
    return await startChild("./runtime-process/main.js", { args, nodeOptions, environment });
  } finally {
    await rm(directory, { recursive: true });
  }
}
