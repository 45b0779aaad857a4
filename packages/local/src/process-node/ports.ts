/** Hands out loopback ports, none of them twice. */
import { once } from "node:events";
import { createServer } from "node:net";

/** Gives a port to each process. */
export interface PortAllocator {
  /** The preferred port where it is free, otherwise any free one; reserved until released. */
  allocate(preferred: number | undefined): Promise<number>;
  release(port: number): void;
}

/** Ports of 127.0.0.1. */
export function createPortAllocator(): PortAllocator {
  const reserved = new Set<number>();
  const take = async (preferred: number | undefined): Promise<number> => {
    if (preferred !== undefined && !reserved.has(preferred) && (await isFreePort(preferred)))
      return preferred;
    return listenBriefly(0);
  };
  return {
    allocate: async (preferred) => {
      let port = await take(preferred);
      while (reserved.has(port)) port = await listenBriefly(0);
      reserved.add(port);
      return port;
    },
    release: (port) => {
      reserved.delete(port);
    },
  };
}

/** True when nothing listens on that port of 127.0.0.1. */
export async function isFreePort(port: number): Promise<boolean> {
  try {
    await listenBriefly(port);
    return true;
  } catch {
    return false; // taken, or not ours to take: both mean "use another"
  }
}

async function listenBriefly(port: number): Promise<number> {
  const server = createServer();
  server.listen({ port, host: "127.0.0.1" });
  await once(server, "listening");
  const address = server.address();
  const closed = once(server, "close");
  server.close();
  await closed;
  return typeof address === "object" && address !== null ? address.port : port;
}
