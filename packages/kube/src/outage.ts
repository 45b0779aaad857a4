import { isKubeError, type KubeErrorCode } from "./errors.ts";

const codes: ReadonlySet<KubeErrorCode> = new Set([
  "ServerError", // an API server whose etcd is away says 500
  "Timeout",
  "TooManyRequests",
  "Unavailable",
  "Unreachable",
]);

/** Longest wait between two attempts while the server is away: all has caught up within seconds of its return. */
export const longestOutageWaitMs = 4_000;

/** Whether a failure says something about the server or the way to it, and nothing about what was asked. */
export function isOutage(error: unknown): boolean {
  return isKubeError(error) && codes.has(error.code);
}

/** A server may ask for hours; an answer from a broken proxy must not silence a controller for so long. */
const longestAskedMs = 30_000;

/** Milliseconds that the server asked to wait (`Retry-After`) before anything like this is tried again; 0 if it did not. */
export function askedWaitMs(error: unknown): number {
  const asked = isKubeError(error) ? error.details["retryAfterMs"] : undefined;
  return typeof asked === "number" ? Math.min(asked, longestAskedMs) : 0;
}
