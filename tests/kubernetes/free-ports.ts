import { once } from "node:events";
import { createServer } from "node:net";

/** Three ports of the loopback interface that nothing listens on. */
export async function freePorts(): Promise<readonly [number, number, number]> {
  const servers = [createServer(), createServer(), createServer()] as const;
  const ports = await Promise.all(
    servers.map(async (server) => {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const address = server.address();
      return typeof address === "object" && address !== null ? address.port : 0;
    }),
  );
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  const [first = 0, second = 0, third = 0] = ports;
  return [first, second, third];
}
