/** What each request of the read API goes through: who asks and where, what for, and then the document or the stream. */
import { acceptedQuality, type Clock, type Logger } from "@lmos/primitives";
import type { FastifyReply, FastifyRequest } from "fastify";
import { sendDocument } from "./answer.ts";
import type { Authenticate } from "./auth/caller.ts";
import { scopeOf } from "./auth/scope.ts";
import { type Query, readQuery } from "./parameters.ts";
import { type Fault, sendFault } from "./problem.ts";
import type { Route, Sources } from "./routes.ts";
import { streamChanges } from "./watch/stream.ts";

/** What requests are answered from. */
export interface DoorOptions {
  readonly sources: Sources;
  readonly clock: Clock;
  /** Hears of requests that a fault of ours leaves unanswered; nobody does unless given. */
  readonly logger?: Logger | undefined;
  /** Says who asks; without it everybody may ask, and the headers are believed. */
  readonly authenticate?: Authenticate | undefined;
  /** Ends all watches. */
  readonly signal: AbortSignal;
}

/** Watches of one replica; each costs a little for every change. */
const mostWatches = 1_000;

/** What a request asks for, or why it is not answered. */
type Asked =
  | { readonly kind: "query"; readonly query: Query }
  | { readonly kind: "refused"; readonly fault: Fault };

/** Everything that a request goes through before it is answered. */
export class Door {
  readonly #options: DoorOptions;
  #watches = 0;

  constructor(options: DoorOptions) {
    this.#options = options;
  }

  /** Answers one request for what stands at that route. */
  async answer(request: FastifyRequest, reply: FastifyReply, route: Route): Promise<FastifyReply> {
    if (membersOf(request.params)["channel"] === "") {
      reply.callNotFound();
      return reply;
    }
    const isWatch = membersOf(request.query)["watch"] === "true";
    if (!isWatch && !acceptsJson(request)) {
      return reply.code(406).header("accept", "application/json").send();
    }
    const asked = await this.#read(request, isWatch);
    if (asked.kind === "refused") return this.#refuse(request, reply, asked.fault, isWatch);
    if (isWatch) return this.#stream(request, reply, { route, query: asked.query });
    const document = route.answer(asked.query, this.#options.sources);
    return document === undefined ? reply.code(404).send() : sendDocument(request, reply, document);
  }

  async #read({ headers, params }: FastifyRequest, isWatch: boolean): Promise<Asked> {
    const scope = await scopeOf(headers, this.#options);
    if (scope.kind === "refused") return scope;
    const { tenant = "", channel } = membersOf(params);
    const reading = readQuery({ tenant, channel, subset: scope.subset, namespace: scope.namespace });
    if (reading.kind === "invalid") {
      const { field, value } = reading;
      const detail = `${field} is not a label value`;
      return { kind: "refused", fault: { status: 400, detail, more: { field, value } } };
    }
    const { channels, routings } = this.#options.sources.stores;
    const isFull = isWatch && this.#watches >= mostWatches;
    if (channels.synced && routings.synced && !isFull) return reading;
    const detail = isFull ? "too many watch already" : "the caches are not filled yet";
    return { kind: "refused", fault: { status: 503, detail } };
  }

  #refuse(request: FastifyRequest, reply: FastifyReply, fault: Fault, isWatch: boolean): FastifyReply {
    if (fault.status === 401) reply.header("www-authenticate", "Bearer");
    if (fault.status === 503) reply.header("retry-after", 1);
    const form = isWatch ? "problem" : "original";
    return sendFault(request, reply, { fault, form, clock: this.#options.clock });
  }

  async #stream(
    request: FastifyRequest,
    reply: FastifyReply,
    { route, query }: { readonly route: Route; readonly query: Query },
  ): Promise<FastifyReply> {
    const { clock, signal } = this.#options;
    const stream = { lastPosition: lastPositionOf(request), clock, signal };
    reply.hijack();
    this.#watches += 1;
    try {
      await route.watch(query, this.#options.sources, (watched) => streamChanges(reply.raw, watched, stream));
    } catch (error) {
      this.#options.logger?.error("a watch broke off", { path: route.url, error });
      reply.raw.destroy(); // nobody else does, as the reply was taken out of the server's hands
    } finally {
      this.#watches -= 1;
    }
    return reply;
  }
}

/** Errors may be problems: who takes those, and nothing else, is answered JSON too. */
function acceptsJson({ headers: { accept } }: FastifyRequest): boolean {
  return ["application/json", "application/problem+json"].some((type) => acceptedQuality(accept, type) > 0);
}

function lastPositionOf({ headers, query }: FastifyRequest): string | undefined {
  const header = headers["last-event-id"];
  return (typeof header === "string" ? header : undefined) ?? membersOf(query)["resourceVersion"];
}

function membersOf(params: unknown): Readonly<Record<string, string>> {
  if (typeof params !== "object" || params === null) return {};
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
}
