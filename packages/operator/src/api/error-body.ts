/** Errors as Spring writes them, which the Kotlin operator's callers know. */
import { STATUS_CODES } from "node:http";

/** The body of an error answer. The path is without its query. */
export function errorBody(status: number, url: string, nowMs: number) {
  return {
    timestamp: new Date(nowMs).toISOString(),
    status,
    error: STATUS_CODES[status] ?? "",
    path: url.split("?", 1)[0] ?? "",
  };
}
