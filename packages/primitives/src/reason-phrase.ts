/**
 * The titles of HTTP's status codes. Node's own table, got without an import: importing `node:http` reads everything that
 * it exports, with it Node's WebSocket and fetch, which take 12 MB of memory and some 30 ms of a start.
 */
const { STATUS_CODES } = process.getBuiltinModule("node:http");

/** What HTTP calls a status, `Not Found` for 404; empty for a number that it does not know. */
export function reasonPhrase(status: number): string {
  return STATUS_CODES[status] ?? "";
}
