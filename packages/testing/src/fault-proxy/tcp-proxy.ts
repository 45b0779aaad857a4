/**
 * A proxy for bytes: it knows nothing of TLS or HTTP, so it breaks connections the way networks do. What is open now
 * can be ended, reset or swallowed (no byte and no FIN passes any more); what is opened later finds the conditions
 * that are set then.
 */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Clock } from "@lmos/primitives";
import { listeningPort } from "./listening-port.ts";

/** Which bytes are swallowed. */
export type BlackholeDirection = "toClient" | "toServer" | "both";

/** What every connection has to live with; none of it unless given. */
export interface LinkConditions {
  /** Each piece of data is held for this many milliseconds. */
  readonly latencyMs?: number | undefined;
  /** Bytes a second that pass in each direction. */
  readonly bytesPerSecond?: number | undefined;
  /** New connections are swallowed as if by {@link TcpProxy.blackhole}. */
  readonly swallowNew?: boolean | undefined;
}

/** A proxy that runs. Disposing it cuts everything. */
export interface TcpProxy extends AsyncDisposable {
  /** On 127.0.0.1; the same for the life of the proxy. */
  readonly port: number;
  /** Connections that were accepted so far. */
  readonly accepted: number;
  /** Connections that are open now. */
  readonly open: number;
  /** Sets the conditions from now on, for open connections too. */
  setConditions(conditions: LinkConditions): void;
  /** Ends every open connection in both directions: with a FIN, or with a RST. */
  cut(how: "fin" | "reset"): void;
  /** From now on no byte and no FIN of the open connections passes in that direction; new ones are not touched. */
  blackhole(direction: BlackholeDirection): void;
  /** Stops listening, so that connecting is refused, until {@link TcpProxy.accept}. Open connections go on. */
  refuse(): Promise<void>;
  /** Listens again on the same port. */
  accept(): Promise<void>;
}

/** What a proxy is started with. */
export interface TcpProxyOptions {
  readonly target: { readonly host: string; readonly port: number };
  readonly clock: Clock;
}

/** Starts a proxy in front of a server. */
export async function startTcpProxy(options: TcpProxyOptions): Promise<TcpProxy> {
  const proxy = new Relays(options);
  await proxy.accept();
  return proxy;
}

interface Relay {
  readonly client: Socket;
  readonly server: Socket;
  swallowed: BlackholeDirection | undefined;
}

class Relays implements TcpProxy {
  readonly #options: TcpProxyOptions;
  readonly #relays = new Set<Relay>();
  #server: Server | undefined;
  #conditions: LinkConditions = {};
  port = 0;
  accepted = 0;

  constructor(options: TcpProxyOptions) {
    this.#options = options;
  }

  get open(): number {
    return this.#relays.size;
  }

  setConditions(conditions: LinkConditions): void {
    this.#conditions = conditions;
  }

  cut(how: "fin" | "reset"): void {
    for (const { client, server } of this.#relays) {
      for (const socket of [client, server]) {
        if (how === "fin") socket.destroySoon();
        else socket.resetAndDestroy();
      }
    }
  }

  blackhole(direction: BlackholeDirection): void {
    for (const relay of this.#relays) relay.swallowed = direction;
  }

  async accept(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer({ allowHalfOpen: true }, (client) => this.#relay(client));
    server.listen(this.port, "127.0.0.1");
    await once(server, "listening");
    this.#server = server;
    this.port = listeningPort(server);
  }

  refuse(): Promise<void> {
    this.#server?.close(); // its callback would wait for the open connections
    this.#server = undefined;
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.refuse();
    this.cut("reset");
  }

  #relay(client: Socket): void {
    this.accepted += 1;
    const server = connect({ ...this.#options.target, allowHalfOpen: true });
    const relay: Relay = { client, server, swallowed: undefined };
    if (this.#conditions.swallowNew === true) relay.swallowed = "both";
    this.#relays.add(relay);
    void this.#pass(relay, "toServer");
    void this.#pass(relay, "toClient");
  }

  /** Passes data in one direction until it ends; an abrupt end is passed on as a RST. */
  async #pass(relay: Relay, direction: "toClient" | "toServer"): Promise<void> {
    const [from, to] = direction === "toServer" ? [relay.client, relay.server] : [relay.server, relay.client];
    to.on("error", () => undefined); // the loop of the other direction hears it too
    try {
      const pieces: AsyncIterable<Uint8Array> = from.iterator({ destroyOnReturn: false });
      for await (const data of pieces) await this.#passData(relay, { direction, to, data });
      if (!isSwallowed(relay, direction)) to.end();
    } catch {
      if (!isSwallowed(relay, direction)) to.resetAndDestroy();
    }
    if (from.destroyed && to.destroyed) this.#relays.delete(relay);
    else to.once("close", () => this.#relays.delete(relay));
  }

  async #passData(
    relay: Relay,
    { direction, to, data }: { direction: "toClient" | "toServer"; to: Socket; data: Uint8Array },
  ): Promise<void> {
    const { latencyMs = 0, bytesPerSecond = Number.POSITIVE_INFINITY } = this.#conditions;
    const delayMs = latencyMs + (data.byteLength / bytesPerSecond) * 1000;
    if (delayMs > 0) await this.#options.clock.sleep(delayMs, { signal: new AbortController().signal });
    if (isSwallowed(relay, direction) || to.destroyed) return;
    if (!to.write(data)) await Promise.race([once(to, "drain"), once(to, "close")]);
  }
}

function isSwallowed({ swallowed }: Relay, direction: "toClient" | "toServer"): boolean {
  return swallowed === "both" || swallowed === direction;
}
