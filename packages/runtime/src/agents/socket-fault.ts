/** What went wrong with a socket, in the words of {@link AgentFault}. */
import type { IncomingMessage } from "node:http";
import type { AgentFault } from "./agent-connection.ts";

const defaultRetryAfterSeconds = 1;
const maxRetryAfterSeconds = 60;
const patienceOf: Readonly<Record<number, "busy" | "limited">> = { 429: "limited", 503: "busy" };

/** The agent answered the upgrade request with something else than 101. */
export function faultOfHandshake(response: Pick<IncomingMessage, "statusCode" | "headers">): AgentFault {
  const kind = patienceOf[response.statusCode ?? 0];
  if (kind === undefined) return { kind: "unavailable" };
  return { kind, retryAfterSeconds: retryAfterSeconds(response.headers["retry-after"]) };
}

/** The socket reported an error; `ws` marks faults of the other side's frames by code. */
export function faultOfSocketError(error: Error, sent: boolean): AgentFault {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") return { kind: "tooLarge" };
  if (code.startsWith("WS_ERR_")) return { kind: "protocol", reason: error.message };
  return sent ? { kind: "interrupted", closeCode: 1006 } : { kind: "unavailable" };
}

function retryAfterSeconds(header: string | undefined): number {
  const seconds = Number(header ?? Number.NaN);
  if (!Number.isFinite(seconds)) return defaultRetryAfterSeconds;
  return Math.min(maxRetryAfterSeconds, Math.max(defaultRetryAfterSeconds, Math.ceil(seconds)));
}
