/** How the proxy itself answers, or does not. */
import type { ServerResponse } from "node:http";
import { isRecord } from "@lmos/primitives";
import type { Fault } from "./fault.ts";

/** Answers with the Status object that an API server would send. */
export function refuse(response: ServerResponse, fault: Fault & { readonly kind: "status" }): void {
  const { status: code, retryAfterSeconds } = fault;
  const reason = reasonOf[code] ?? "InternalError";
  const headers = {
    "content-type": "application/json",
    ...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
  };
  const status = { kind: "Status", apiVersion: "v1", status: "Failure", message: "injected", reason, code };
  response.writeHead(code, headers).end(JSON.stringify(status));
}

const reasonOf: Readonly<Record<number, string>> = {
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  410: "Expired",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

/** `metadata.name` of a JSON text. */
export function nameIn(body: Buffer): string | undefined {
  try {
    const object: unknown = JSON.parse(body.toString("utf8"));
    const metadata = isRecord(object) ? object["metadata"] : undefined;
    return isRecord(metadata) && typeof metadata["name"] === "string" ? metadata["name"] : undefined;
  } catch {
    return undefined; // not every answer is JSON
  }
}

/** Breaks the connection with a RST. */
export function reset(response: ServerResponse): void {
  if (response.socket === null) response.destroy();
  else response.socket.resetAndDestroy();
}
