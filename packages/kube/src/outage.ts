import { isKubeError, type KubeErrorCode } from "./errors.ts";

const codes: ReadonlySet<KubeErrorCode> = new Set([
  "Timeout",
  "TooManyRequests",
  "Unavailable",
  "Unreachable",
]);

/** Whether a failure says something about the server or the way to it, and nothing about what was asked. */
export function isOutage(error: unknown): boolean {
  return isKubeError(error) && codes.has(error.code);
}
