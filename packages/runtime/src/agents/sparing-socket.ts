/**
 * A TCP connection that holds nothing it has read. Node's own stream allocates 64 KiB for each read and, when it is paused,
 * reads once more: a thousand readers that stall would hold 200 MB. Here nothing is read beyond the end of a frame that has
 * begun, and a paused connection reads no more.
 */
import { connect, type NetConnectOpts, type Socket, type TcpNetConnectOpts } from "node:net";
import { FrameReads } from "./frame-reads.ts";

/**
 * Connects as `net.connect` does, for who asks over HTTP: a `path` is that of the request. What comes is told by `data`;
 * the methods of a readable stream give nothing.
 */
export function connectSparingly(target: NetConnectOpts | number | string): Socket {
  const reads = new FrameReads((bytes) => socket.emit("data", bytes));
  const onread = {
    buffer: (): Buffer => reads.room,
    callback: (length: number): boolean => {
      reads.take(length);
      return !socket.isPaused();
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
