/**
 * A proxy for Kubernetes requests: it speaks plain HTTP to the client under test, passes requests on with the
 * server's credentials, does to them what its rules say, and keeps a history as data.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Clock } from "@lmos/primitives";
import { nameIn, refuse, reset } from "./answers.ts";
import { type ApiRequest, isMutating, parseApiRequest } from "./api-request.ts";
import type { Fault, FaultRule } from "./fault.ts";
import { FaultPlan } from "./fault-plan.ts";
import { FrozenViews } from "./frozen-views.ts";
import type { HistoryEntry } from "./history.ts";
import { listeningPort } from "./listening-port.ts";
import { endToEnd, type PassedRequest, type Upstream, UpstreamConnections } from "./upstream.ts";
import { relayWatch, type WatchFrame, type WatchSink } from "./watch-relay.ts";

/** What a proxy is started with. */
export interface HttpProxyOptions {
  readonly upstream: Upstream;
  readonly clock: Clock;
  /** What a `crash` fault does, usually to kill the client; resolves when that is done. */
  readonly crash?: (() => Promise<void>) | undefined;
}

/** A proxy that runs. Disposing it cuts everything. */
export interface HttpProxy extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Everything that happened, in order. */
  readonly history: readonly HistoryEntry[];
  /** Milliseconds since the start, as in the history. */
  readonly nowMs: number;
  /** These rules apply from now on, counted from here. The seed decides about shares. */
  setRules(rules: readonly FaultRule[], seed?: number): void;
  /** Passes on what `hold` holds, and resolves when the server has answered all of it. */
  release(): Promise<void>;
  /** How many requests are on hold. */
  readonly held: number;
  /** The list of a collection as it is now. */
  record(path: string): Promise<Uint8Array>;
  /** From now on this collection looks as it was recorded: lists are replayed, watches are silent. */
  freeze(path: string, recorded: Uint8Array): void;
  /** Ends that, and cuts the watches that were silent. */
  thaw(): void;
  /** Breaks the connection of every watch. */
  cutWatches(): void;
}

/** Starts a proxy in front of an API server. */
export async function startHttpProxy(options: HttpProxyOptions): Promise<HttpProxy> {
  const server = createServer({ keepAliveTimeout: 60_000 });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return new FaultProxy(server, options);
}

interface Exchange {
  readonly id: number;
  readonly asked: ApiRequest;
  readonly passed: PassedRequest;
  readonly response: ServerResponse;
}

class FaultProxy implements HttpProxy {
  readonly url: string;
  readonly history: HistoryEntry[] = [];
  readonly #server: Server;
  readonly #options: HttpProxyOptions;
  readonly #upstream: UpstreamConnections;
  readonly #startedAtMs: number;
  readonly #frozen = new FrozenViews();
  readonly #watches = new Map<ServerResponse, string>();
  readonly #stopped = new AbortController();
  #plan = new FaultPlan([], 0);
  #requests = 0;
  #released = Promise.withResolvers<void>();
  #holding: readonly Promise<void>[] = [];

  constructor(server: Server, options: HttpProxyOptions) {
    this.#server = server;
    this.#options = options;
    this.#upstream = new UpstreamConnections(options.upstream);
    this.#startedAtMs = options.clock.monotonic();
    this.url = `http://127.0.0.1:${listeningPort(server)}`;
    server.on("request", (request, response) => void this.#serve(request, response));
  }

  get nowMs(): number {
    return this.#options.clock.monotonic() - this.#startedAtMs;
  }

  get held(): number {
    return this.#holding.length;
  }

  setRules(rules: readonly FaultRule[], seed = 1): void {
    this.#plan = new FaultPlan(rules, seed);
  }

  async release(): Promise<void> {
    const holding = this.#holding;
    this.#holding = [];
    this.#released.resolve();
    this.#released = Promise.withResolvers<void>();
    await Promise.all(holding);
  }

  async record(path: string): Promise<Uint8Array> {
    const answer = await this.#upstream.send({
      method: "GET",
      url: path,
      headers: {},
      body: new Uint8Array(),
    });
    return buffer(answer);
  }

  freeze(path: string, recorded: Uint8Array): void {
    this.#frozen.freeze(path, recorded);
  }

  thaw(): void {
    const paths = this.#frozen.thaw();
    for (const [response, path] of this.#watches) if (paths.includes(path)) reset(response);
  }

  cutWatches(): void {
    for (const response of this.#watches.keys()) reset(response);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    this.#frozen.thaw();
    this.#released.resolve();
    this.#server.closeAllConnections();
    this.#upstream[Symbol.dispose]();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url = "/", headers } = request;
    const asked = parseApiRequest(method, url, headers["content-type"]);
    this.#requests += 1;
    const id = this.#requests;
    const fault = this.#plan.faultFor(asked);
    this.history.push({ kind: "request", atMs: this.nowMs, id, request: asked, ...(fault && { fault }) });
    try {
      const passed = { method, url, headers, body: await buffer(request) };
      await this.#treat({ id, asked, passed, response }, fault);
    } catch {
      reset(response); // one of both sides has gone
    }
  }

  async #treat(exchange: Exchange, fault: Fault | undefined): Promise<void> {
    const { clock, crash } = this.#options;
    switch (fault?.kind) {
      case "status":
        return refuse(exchange.response, fault);
      case "reset":
        return reset(exchange.response);
      case "loseAnswer":
        await this.#pass(exchange, { deliver: false });
        return reset(exchange.response);
      case "delay":
        await clock.sleep(fault.ms, { signal: this.#stopped.signal });
        return this.#relay(exchange, undefined);
      case "hold":
        return this.#hold(exchange);
      case "crash":
        if (fault.point === "after") await this.#pass(exchange, { deliver: false });
        await crash?.();
        return reset(exchange.response);
      default:
        return this.#relay(exchange, fault);
    }
  }

  async #hold(exchange: Exchange): Promise<void> {
    const done = this.#released.promise.then(() => this.#relay(exchange, undefined));
    this.#holding = [...this.#holding, done.catch(() => undefined)];
    await done;
  }

  async #relay(exchange: Exchange, fault: Fault | undefined): Promise<void> {
    const { asked, response } = exchange;
    const recorded = this.#frozen.listOf(asked.path);
    if (asked.verb === "watch") return this.#relayWatch(exchange, fault);
    if (asked.verb === "list" && recorded !== undefined) {
      response.writeHead(200, { "content-type": "application/json" }).end(recorded);
      return;
    }
    await this.#pass(exchange, { deliver: true });
  }

  async #pass(
    { id, asked, passed, response }: Exchange,
    { deliver }: { readonly deliver: boolean },
  ): Promise<void> {
    const answer = await this.#upstream.send(passed);
    const body = await buffer(answer);
    const status = answer.statusCode ?? 0;
    const delivered = deliver && !response.destroyed;
    const name = isMutating(asked) ? nameIn(body) : undefined;
    this.history.push({ kind: "answer", atMs: this.nowMs, id, status, delivered, name });
    if (delivered) response.writeHead(status, endToEnd(answer.headers)).end(body);
  }

  async #relayWatch(exchange: Exchange, fault: Fault | undefined): Promise<void> {
    const { id, asked, passed, response } = exchange;
    const answer = await this.#upstream.send(passed);
    const status = answer.statusCode ?? 0;
    this.history.push({ kind: "answer", atMs: this.nowMs, id, status, delivered: true });
    response.writeHead(status, endToEnd(answer.headers));
    response.flushHeaders();
    if (status >= 300) {
      response.end(await buffer(answer));
      return;
    }
    const over = new AbortController();
    this.#watches.set(response, asked.path);
    response.once("close", () => {
      this.#watches.delete(response);
      over.abort();
      answer.destroy();
    });
    const sink = this.#sinkOf(exchange);
    await relayWatch(answer, { sink, fault, clock: this.#options.clock, signal: over.signal });
    if (this.#isFrozen(asked)) await this.#frozen.whenThawed;
    response.end();
  }

  #sinkOf({ id, asked, response }: Exchange): WatchSink {
    const record = ({ type, object, resourceVersion }: WatchFrame, delivered: boolean): void => {
      this.history.push({ kind: "event", atMs: this.nowMs, id, type, object, resourceVersion, delivered });
    };
    return {
      deliver: (frame) => {
        const delivered = !this.#isFrozen(asked) && !response.destroyed;
        record(frame, delivered);
        if (delivered) response.write(`${frame.line}\n`);
      },
      drop: (frame) => record(frame, false),
    };
  }

  #isFrozen({ path }: ApiRequest): boolean {
    return this.#frozen.listOf(path) !== undefined;
  }
}
