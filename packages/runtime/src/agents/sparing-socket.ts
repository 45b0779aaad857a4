/**
 * A TCP connection that holds nothing it has read. Node's own stream allocates 64 KiB for each read and, when it is paused,
 * reads once more: a thousand readers that stall would hold 200 MB. Here all connections read into one buffer, whose
 * bytes are passed on as a copy, and a paused one reads no more.
 */
import { connect, type NetConnectOpts, type Socket, type TcpNetConnectOpts } from "node:net";

/** One read at most; what an agent sends meanwhile waits in the system's buffers, and then at the agent. */
const readBytes = 8 * 1024;
const buffer = Buffer.allocUnsafe(readBytes);

/**
 * Connects as `net.connect` does, for who asks over HTTP: a `path` is that of the request. What comes is told by `data`;
 * the methods of a readable stream give nothing.
 */
export function connectSparingly(target: NetConnectOpts | number | string): Socket {
  const onread = {
    buffer,
    callback: (bytes: number): boolean => {
      socket.emit("data", copyOf(buffer.subarray(0, bytes)));
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
