/**
 * A TCP connection that holds nothing it has read. Node's own stream allocates 64 KiB for each read and, when it is paused,
 * reads once more: a thousand readers that stall would hold 200 MB. Here nothing is read beyond the end of a frame that has
 * begun, and a paused connection reads no more.
 */
import { connect, type NetConnectOpts, type Socket, type TcpNetConnectOpts } from "node:net";
import { FrameReads } from "./frame-reads.ts";
import { ReadingTurns } from "./reading-turns.ts";

/** Bytes that a connection reads in a row while others have something to read as well. */
const shareBytes = 64 * 1024;
const turns = new ReadingTurns();

/**
 * Connects as `net.connect` does, for who asks over HTTP: a `path` is that of the request. What comes is told by `data`;
 * the methods of a readable stream give nothing.
 */
export function connectSparingly(target: NetConnectOpts | number | string): Socket {
  const reads = new FrameReads((bytes) => socket.emit("data", bytes));
  let readBytes = 0;
  const taker = {
    goOn: () => {
      if (!socket.isPaused() && !socket.destroyed) socket.resume();
    },
  };
  const onread = {
    buffer: (): Buffer => reads.room,
    callback: (length: number, { length: room }: Uint8Array): boolean => {
      reads.take(length);
      if (socket.isPaused()) return false;
      readBytes = length < room ? 0 : readBytes + length; // the system reads on where the room was filled
      if (readBytes < shareBytes) return true;
      readBytes = 0;
      turns.wait(taker);
      return false;
    },
  };
  const socket = connect({ ...optionsOf(target), onread });
  return socket;
}

function optionsOf(target: NetConnectOpts | number | string): TcpNetConnectOpts {
  if (typeof target !== "object") return { port: Number(target) };
  const { path: _, ...options } = { path: undefined, port: 0, ...target };
  return options;
}
