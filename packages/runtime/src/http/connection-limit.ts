/** How many connections one address may have at once: one more is closed before a byte of it is read. */
import type { Server } from "node:net";

/** Counts from now on. */
export function limitConnections(server: Server, max: number): void {
  if (max === Number.POSITIVE_INFINITY) return;
  const open = new Map<string, number>();
  // Before the server itself sees the connection.
  server.prependListener("connection", (socket) => {
    const address = socket.remoteAddress ?? "";
    const count = (open.get(address) ?? 0) + 1;
    if (count > max) {
      socket.destroy();
      return;
    }
    open.set(address, count);
    socket.once("close", () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  });
}
