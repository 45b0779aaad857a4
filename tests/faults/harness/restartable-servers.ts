/** API servers that a test may kill and start again: each test has its own. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { startControlPlane } from "../../kubernetes/control-plane.ts";
import { findParts } from "../../kubernetes/parts.ts";
import type { ServerAccess } from "./access.ts";
import { type Program, startProgram } from "./program.ts";

/** A server that can be killed. It keeps its address and what it stored. */
export interface RestartableServer extends ServerAccess, AsyncDisposable {
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again, and waits until it is ready. */
  start(): Promise<void>;
}

/** The servers by name, for `describe.each`. */
export const restartableServers = [
  { name: "real", start: startReal },
  { name: "embedded", start: startEmbedded },
] as const;

/** The real one. etcd is compacted every few seconds, so that versions expire while a test looks on. */
export async function startReal(): Promise<RestartableServer> {
  const parts = await findParts(["etcd", "kube-apiserver"]);
  const plane = await startControlPlane({
    parts,
    apiServerParameters: ["--etcd-compaction-interval=2s"],
    signal: new AbortController().signal,
  });
  const authority = readFileSync(join(plane.directory, "certificates", "apiserver.crt"), "utf8");
  return {
    url: plane.url,
    token: plane.token,
    certificateAuthority: authority,
    kill: () => plane.kill("kube-apiserver"),
    start: () => plane.start("kube-apiserver"),
    [Symbol.asyncDispose]: () => plane[Symbol.asyncDispose](),
  };
}

const readySchema = z.object({
  url: z.string(),
  port: z.number(),
  token: z.string(),
  certificateAuthority: z.string(),
});

/** The embedded one. */
export async function startEmbedded(): Promise<RestartableServer> {
  const directory = mkdtempSync(join(tmpdir(), "lmos-faults-"));
  const startOn = async (port: number) => {
    const program = startProgram("harness/embedded-server-program.ts", [directory, String(port)]);
    return { program, ready: readySchema.parse(await program.whenSaid("ready")) };
  };
  const first = await startOn(0);
  let running: Program = first.program;
  const { url, token, certificateAuthority, port } = first.ready;
  return {
    url,
    token,
    certificateAuthority,
    kill: () => running.kill(),
    start: async () => {
      running = (await startOn(port)).program;
    },
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
