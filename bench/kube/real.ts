/** kube-apiserver and etcd as one server under measurement. */
import { setTimeout as sleep } from "node:timers/promises";
import { type ControlPlane, startControlPlane } from "../../tests/kubernetes/control-plane.ts";
import { findParts } from "../../tests/kubernetes/parts.ts";
import type { FreshServer } from "./measure-servers.ts";
import { connect } from "./objects.ts";
import { processesOf, processorMs, residentMiB } from "./processes.ts";

export interface RealServer extends FreshServer, AsyncDisposable {
  readonly kubeconfigPath: string;
  /** Ends the API server as a crash does, and has it back five seconds later; resolves when it is ready. */
  restart(): Promise<void>;
}

export async function startReal(): Promise<RealServer> {
  const parts = await findParts(["etcd", "kube-apiserver"]);
  const { signal } = new AbortController();
  const startedAt = performance.now();
  const plane: ControlPlane = await startControlPlane({ parts, signal });
  const readyMs = performance.now() - startedAt;
  const client = connect(plane.kubeconfigPath);
  return {
    ...{ client, readyMs, kubeconfigPath: plane.kubeconfigPath },
    residentMiB: () => sumOf(plane, residentMiB),
    processorMs: () => sumOf(plane, processorMs),
    restart: async () => {
      await plane.kill("kube-apiserver");
      await sleep(5_000);
      await plane.start("kube-apiserver");
    },
    [Symbol.asyncDispose]: async () => {
      await client[Symbol.asyncDispose]();
      await plane[Symbol.asyncDispose]();
    },
  };
}

function sumOf({ directory }: ControlPlane, figureOf: (pid: number) => number): number {
  const pids = ["etcd", "kube-apiserver"].flatMap((program) => processesOf(program, directory));
  return pids.reduce((sum, pid) => sum + figureOf(pid), 0);
}
