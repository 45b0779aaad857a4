/** A replica of the operator behind a proxy of its own, which knows what it asked the server. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@lmos/primitives";
import { type HttpProxy, isMutating, type MutationRecord, mutationsOf, startHttpProxy } from "@lmos/testing";
import { type ServerAccess, upstreamOf } from "../../faults/harness/access.ts";
import { type OperatorProcess, startOperatorProcess } from "./operator-process.ts";

/** A replica that runs. Disposing it kills it. */
export interface Replica extends AsyncDisposable {
  readonly proxy: HttpProxy;
  readonly operator: OperatorProcess;
  /** Milliseconds until it leads. */
  whenLeading(): Promise<number>;
  /** What it asked to be written of our kinds since then (in its proxy's time). */
  writesSince(ms: number): readonly MutationRecord[];
}

/** Starts one that watches that namespace and takes part in the election there. */
export function startReplica(server: ServerAccess, namespace: string): Promise<Replica> {
  return startBehindProxy(server, namespace, ["operator", "--watch-namespaces", namespace]);
}

/** Starts a component with its parameters; the namespace is that of its own objects. */
export async function startBehindProxy(
  server: ServerAccess,
  namespace: string,
  [component, ...parameters]: readonly ["operator" | "runtime", ...string[]],
): Promise<Replica> {
  await using starting = new AsyncDisposableStack();
  const proxy = starting.use(await startHttpProxy({ upstream: upstreamOf(server), clock: systemClock }));
  const directory = await mkdtemp(join(tmpdir(), "lmos-replica-"));
  starting.defer(() => rm(directory, { recursive: true }));
  const kubeconfig = join(directory, "kubeconfig");
  await writeFile(kubeconfig, kubeconfigOf(proxy.url, namespace));
  const operator = starting.use(startOperatorProcess(["--kubeconfig", kubeconfig, ...parameters], component));
  const owned = starting.move();
  return {
    proxy,
    operator,
    whenLeading: async () => {
      const startedAt = performance.now();
      await operator.whenLogged("this process is the leader");
      return performance.now() - startedAt;
    },
    writesSince: (ms) =>
      mutationsOf(proxy.history, isMutating).filter(
        ({ answeredAtMs, request }) => answeredAtMs > ms && isOurs(request.resource),
      ),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function isOurs(resource: string): boolean {
  return ["agents", "channels", "channelroutings"].includes(resource);
}

/** YAML takes JSON. The proxy adds who is asking. */
function kubeconfigOf(server: string, namespace: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "proxy", cluster: { server } }],
    users: [{ name: "replica", user: {} }],
    contexts: [{ name: "proxy", context: { cluster: "proxy", user: "replica", namespace } }],
    "current-context": "proxy",
  });
}
