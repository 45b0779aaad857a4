/**
 * Connections over which nothing was asked yet: opened ahead of a request, or by a probe. To Node they are not idle, so that
 * a server that is to close waits for them, up to a minute, until their time for a first request is over.
 */
import type { Server } from "node:http";
import type { Socket } from "node:net";

/** Keeps count of a server's silent connections from now on; calling the result cuts those that there are. */
export function trackSilentConnections(server: Server): () => void {
  const silent = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    silent.add(socket);
    socket.once("data", () => silent.delete(socket)); // whatever it is, the server has begun to read it
    socket.once("close", () => silent.delete(socket));
  });
  return () => {
    for (const socket of silent) socket.destroy();
  };
}
