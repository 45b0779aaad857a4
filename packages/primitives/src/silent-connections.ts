/**
 * Connections over which nothing was asked yet: opened ahead of a request, or by a probe. To Node they are not idle, so that
 * a server that is to close waits for them, up to a minute, until their time for a first request is over.
 */
import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";

/** Connections that are kept before those that have closed are looked for. */
const minKept = 64;

/**
 * Keeps count of a server's silent connections from now on; calling the result cuts those that there are. It listens to
 * none of them. To `data` least of all: as long as nobody does, Node reads a connection straight into its parser, and from
 * then on into a buffer of 64 KiB for each read.
 */
export function trackSilentConnections(server: Server): () => void {
  const silent = new Set<Socket>();
  let sweepAt = minKept;
  server.on("connection", (socket: Socket) => {
    silent.add(socket);
    if (silent.size < sweepAt) return;
    for (const each of silent) if (each.destroyed) silent.delete(each);
    sweepAt = Math.max(minKept, 2 * silent.size);
  });
  server.on("request", ({ socket }: IncomingMessage) => void silent.delete(socket));
  return () => {
    // Of what has come, whatever it is, the server has begun to read a request.
    for (const socket of silent) if (socket.bytesRead === 0) socket.destroy();
  };
}
