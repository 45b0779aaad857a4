/** Asks a process whether it is ready, on a connection of its own each time, as the kubelet does. */
import { get } from "node:http";
import { connect } from "node:net";
import { type Clock, withDeadline } from "@lmos/primitives";

/** Where to probe; without a path the port only has to accept connections. */
export interface ProbeTarget {
  readonly port: number;
  readonly path: string | undefined;
}

/** Probes once. Never throws: whatever goes wrong, or takes longer than a second, is a failure. */
export interface Prober {
  probe(target: ProbeTarget, options: { readonly signal: AbortSignal }): Promise<boolean>;
}

const timeoutMs = 1000;
const host = "127.0.0.1";

/** Probes processes on the loopback interface. A status from 200 to 399 is a success. */
export function createProber({ clock }: { readonly clock: Clock }): Prober {
  return {
    probe: async ({ port, path }, options) => {
      using deadline = withDeadline("probe", timeoutMs, { clock, signal: options.signal });
      const { signal } = deadline;
      return await (path === undefined ? accepts(port, signal) : answers(port, path, signal));
    },
  };
}

function answers(port: number, path: string, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const request = get({ host, port, path, agent: false, signal }, (response) => {
    const status = response.statusCode ?? 0;
    response.destroy();
    resolve(status >= 200 && status < 400);
  });
  request.on("error", () => resolve(false));
  return promise;
}

function accepts(port: number, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port, signal });
  socket.on("connect", () => {
    socket.destroy();
    resolve(true);
  });
  socket.on("error", () => resolve(false));
  return promise;
}
