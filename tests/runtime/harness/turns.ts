/** A client: sends turns and says how they ended and how long that took. */
import { Agent, request } from "node:http";

/** How a turn ended for its client. */
export interface TurnOutcome {
  readonly turnId: string;
  /** Of HTTP; 0 when the connection was cut. */
  readonly status: number;
  readonly body: string;
  readonly ms: number;
  readonly retryAfter: string | undefined;
}

/** What is sent. */
export interface TurnCall {
  readonly port: number;
  readonly turnId: string;
  readonly content: string;
  readonly tenant?: string;
  readonly agent?: string;
  readonly stream?: boolean;
  readonly signal?: AbortSignal;
}

const connections = new Agent({ keepAlive: true, maxSockets: 2000 });

/** Sends one and reads the answer to its end. Never rejects. */
export function sendTurn(call: TurnCall): Promise<TurnOutcome> {
  const startedAt = performance.now();
  const { promise, resolve } = Promise.withResolvers<TurnOutcome>();
  const end = (status: number, body: string, retryAfter: string | undefined): void =>
    resolve({ turnId: call.turnId, status, body, retryAfter, ms: performance.now() - startedAt });
  const sent = request({
    ...optionsOf(call),
    agent: connections,
    ...(call.signal && { signal: call.signal }),
  });
  sent.on("error", () => end(0, "", undefined));
  sent.on("response", (response) => {
    let body = "";
    response.setEncoding("utf8");
    response.on("data", (text: string) => {
      body += text;
    });
    response.on("error", () => end(0, body, undefined));
    response.on("end", () => end(response.statusCode ?? 0, body, response.headers["retry-after"]));
  });
  sent.end(bodyOf(call));
  return promise;
}

/** That share of the durations is no longer than this; milliseconds. */
export function percentile(outcomes: readonly TurnOutcome[], share: number): number {
  const sorted = outcomes.map(({ ms }) => ms).toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function optionsOf({ port, turnId, tenant = "acme", stream = false }: TurnCall) {
  return {
    host: "127.0.0.1",
    port,
    method: "POST",
    path: `/apis/v1/${tenant}/chat/c-${turnId}/message`,
    headers: {
      "content-type": "application/json",
      "x-turn-id": turnId,
      accept: stream ? "text/event-stream" : "application/json",
    },
  };
}

function bodyOf({ content, agent = "agent" }: TurnCall): string {
  return JSON.stringify({
    inputContext: { messages: [{ role: "user", content }], explicitAgent: agent },
    systemContext: { channelId: "web" },
    userContext: { userId: "u1" },
  });
}
