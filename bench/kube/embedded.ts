/** The embedded API server, in a process of its own, as a server under measurement. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChild } from "./child.ts";
import type { FreshServer } from "./measure-servers.ts";
import { connect } from "./objects.ts";
import { processorMs, residentMiB } from "./processes.ts";

export async function startEmbedded(): Promise<
  FreshServer & AsyncDisposable & { readonly kubeconfigPath: string }
> {
  const directory = await mkdtemp(join(tmpdir(), "bench-embedded-"));
  const child = await startChild(new URL("./embedded-process.js", import.meta.url), [directory], []);
  const kubeconfigPath = join(directory, "kubeconfig");
  const client = connect(kubeconfigPath);
  return {
    ...{ client, kubeconfigPath },
    readyMs: child.readyMs,
    residentMiB: () => residentMiB(child.pid),
    processorMs: () => processorMs(child.pid),
    [Symbol.asyncDispose]: async () => {
      await client[Symbol.asyncDispose]();
      await child[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    },
  };
}
