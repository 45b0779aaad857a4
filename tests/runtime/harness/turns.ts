/** A client: sends turns and says how they ended and how long that took. */
import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** How a turn ended for its client. */
export interface TurnOutcome {
  readonly turnId: string;
  /** Of HTTP; 0 when the connection was cut. */
  readonly status: number;
  readonly body: string;
  readonly ms: number;
  readonly retryAfter: string | undefined;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** What is sent. */
export interface TurnCall {
  readonly port: number;
  readonly turnId: string;
  readonly content: string;
  /** In place of `content`: the whole conversation. */
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
  readonly tenant?: string;
  /** `agent` unless given; undefined leaves it to the router. */
  readonly agent?: string | undefined;
  /** One of its own unless given. */
  readonly conversation?: string;
  readonly explain?: boolean;
  readonly stream?: boolean;
  readonly signal?: AbortSignal;
}

const connections = new Agent({ keepAlive: true, maxSockets: 2000 });

/** Sends one and reads the answer to its end. Never rejects. */
export function sendTurn(call: TurnCall): Promise<TurnOutcome> {
  const startedAt = performance.now();
  const { promise, resolve } = Promise.withResolvers<TurnOutcome>();
  const end = (status: number, body: string, headers: IncomingHttpHeaders = {}): void => {
    const ms = performance.now() - startedAt;
    resolve({
      turnId: call.turnId,
      status,
      body,
      retryAfter: headers["retry-after"],
      headers: textOf(headers),
      ms,
    });
  };
  const sent = request({
    ...optionsOf(call),
    agent: connections,
    ...(call.signal && { signal: call.signal }),
  });
  sent.on("error", () => end(0, ""));
  sent.on("response", (response) => {
    let body = "";
    response.setEncoding("utf8");
    response.on("data", (text: string) => {
      body += text;
    });
    response.on("error", () => end(0, body));
    response.on("end", () => end(response.statusCode ?? 0, body, response.headers));
  });
  sent.end(bodyOf(call));
  return promise;
}

const maxTries = 30;

/**
 * Comes back when the server says that it is at its limit, as one does that a busy machine makes late; the outcome, and its
 * time, are of the last try.
 */
export async function sendPatiently(call: TurnCall): Promise<TurnOutcome> {
  let outcome = await sendTurn(call);
  for (let tries = 1; isRefused(outcome) && tries < maxTries; tries++) {
    await sleep(500);
    outcome = await sendTurn(call);
  }
  return outcome;
}

function isRefused({ status, body }: TurnOutcome): boolean {
  return status === 503 && body.includes("SERVICE_UNAVAILABLE");
}

/** That share of the durations is no longer than this, by nearest rank; milliseconds. */
export function percentile(outcomes: readonly Pick<TurnOutcome, "ms">[], share: number): number {
  const sorted = outcomes.map(({ ms }) => ms).toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

function textOf(headers: IncomingHttpHeaders): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function optionsOf(call: TurnCall) {
  const { port, turnId, tenant = "acme", stream = false, conversation = `c-${turnId}` } = call;
  return {
    host: "127.0.0.1",
    port,
    method: "POST",
    path: `/apis/v1/${tenant}/chat/${conversation}/message`,
    headers: {
      "content-type": "application/json",
      "x-turn-id": turnId,
      accept: stream ? "text/event-stream" : "application/json",
      ...(call.explain === true && { "x-lmos-explain": "true" }),
    },
  };
}

function bodyOf(call: TurnCall): string {
  const { content, messages = [{ role: "user", content }] } = call;
  const agent = "agent" in call ? call.agent : "agent";
  return JSON.stringify({
    inputContext: { messages, explicitAgent: agent },
    systemContext: { channelId: "web" },
    userContext: { userId: "u1" },
  });
}
