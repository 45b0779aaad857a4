/** A plain TCP balancer: connections in turn to those who take them, bytes as they come, no knowledge of HTTP. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

/** A running balancer. */
export interface Balancer extends AsyncDisposable {
  readonly port: number;
  /** Where new connections go from now on. */
  serve(ports: readonly number[]): void;
}

/** Starts one. A connection for which nobody is there is cut. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const state = { ports, next: 0 };
  const open = new Set<Socket>();
  const server = createServer((client) => {
    open.add(client);
    client.on("error", () => undefined);
    client.on("close", () => open.delete(client));
    const { ports: all } = state;
    const first = state.next++ % Math.max(1, all.length);
    forward(client, [...all.slice(first), ...all.slice(0, first)]);
  });
  const forward = (client: Socket, [port, ...others]: readonly number[]): void => {
    if (port === undefined) return void client.destroy();
    const upstream = connect(port, "127.0.0.1");
    let connected = false;
    upstream.on("connect", () => {
      connected = true;
      client.pipe(upstream).pipe(client);
    });
    upstream.on("error", () => (connected ? client.destroy() : forward(client, others)));
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => connected && client.destroy());
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    serve: (others) => {
      state.ports = others;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
