/**
 * A TCP connection that holds nothing it has read. Node's own stream allocates 64 KiB for each read and, when it is paused,
 * reads once more: a thousand readers that stall would hold 200 MB. Here all connections read into one buffer, whose
 * bytes are passed on as a copy, and a paused one reads no more. Nothing is read beyond the end of a frame that has begun, so
 * that who pauses behind it holds no other's beginning.
 */
import { connect, type NetConnectOpts, type Socket, type TcpNetConnectOpts } from "node:net";
import { FrameCutter } from "./frame-cutter.ts";

/** One read at most; what an agent sends meanwhile waits in the system's buffers, and then at the agent. */
const readBytes = 16 * 1024;
/** Where nobody knows how long the frame is that comes. */
const blindReadBytes = 8 * 1024;
const buffer = Buffer.allocUnsafeSlow(readBytes);
const blind = buffer.subarray(0, blindReadBytes);

/**
 * Connects as `net.connect` does, for who asks over HTTP: a `path` is that of the request. What comes is told by `data`;
 * the methods of a readable stream give nothing.
 */
export function connectSparingly(target: NetConnectOpts | number | string): Socket {
  const cutter = new FrameCutter();
  const onread = {
    buffer: (): Buffer => (cutter.left === 0 ? blind : buffer.subarray(0, cutter.left)),
    callback: (length: number): boolean => {
      const bytes = buffer.subarray(0, length);
      cutter.see(bytes);
      socket.emit("data", copyOf(bytes));
      return !socket.isPaused();
    },
  };
  const socket = connect({ ...optionsOf(target), onread });
  return socket;
}

/** Below it a copy is cut from Node's pool, which is faster; a longer one would keep a piece of 64 KiB of the pool alive. */
const pooledBytes = 1024;

function copyOf(bytes: Buffer): Buffer {
  if (bytes.length < pooledBytes) return Buffer.from(bytes);
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}

function optionsOf(target: NetConnectOpts | number | string): TcpNetConnectOpts {
  if (typeof target !== "object") return { port: Number(target) };
  const { path: _, ...options } = { path: undefined, port: 0, ...target };
  return options;
}
