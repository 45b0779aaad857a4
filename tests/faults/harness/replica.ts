/** A replica of the controller as a process, behind a proxy of its own that knows what it did. */
import { systemClock } from "@lmos/primitives";
import { type HttpProxy, isMutating, type MutationRecord, mutationsOf, startHttpProxy } from "@lmos/testing";
import type { ProgramOptions } from "../widget-controller/program-options.ts";
import { type ServerAccess, upstreamOf } from "./access.ts";
import { type Program, startProgram } from "./program.ts";
import type { WidgetsWorld } from "./widgets-world.ts";

/** A replica that runs. Disposing it kills it. */
export interface Replica extends AsyncDisposable {
  readonly proxy: HttpProxy;
  readonly program: Program;
  /** Milliseconds until it is the leader. */
  whenLeading(): Promise<number>;
  /** Terms of its leaderships, in order. */
  terms(): readonly number[];
  /** What the server was asked to write since then (in its proxy's time), the Lease left out. */
  writesSince(ms: number): readonly MutationRecord[];
}

/** Starts one that takes part in the election under that name. */
export async function startReplica(
  server: ServerAccess,
  { namespace }: WidgetsWorld,
  identity: string,
  settings: Pick<ProgramOptions, "rateLimit"> = {},
): Promise<Replica> {
  await using starting = new AsyncDisposableStack();
  const proxy = starting.use(await startHttpProxy({ upstream: upstreamOf(server), clock: systemClock }));
  const options = JSON.stringify({ server: proxy.url, namespace, identity, ...settings });
  const program = starting.use(startProgram("widget-controller/widget-controller-program.ts", [options]));
  const owned = starting.move();
  return {
    proxy,
    program,
    whenLeading: async () => {
      const startedAt = performance.now();
      await program.whenSaid("this process is the leader");
      return performance.now() - startedAt;
    },
    terms: () =>
      program.said
        .filter(({ message }) => message === "this process is the leader")
        .map((line) => Number(line["term"])),
    writesSince: (ms) =>
      mutationsOf(proxy.history, isMutating).filter(
        ({ answeredAtMs, request }) => answeredAtMs > ms && request.resource !== "leases",
      ),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
