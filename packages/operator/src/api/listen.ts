/** Opens the port of a server. */
import { errorMessage, trackSilentConnections } from "@lmos/primitives";
import type { FastifyInstance } from "fastify";
import { OperatorError } from "../errors.ts";

/** Where a server listens; port 0 asks for a free one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Opens the port and says which it is; who has asked nothing does not keep it from closing. Throws OperatorError `ListenFailed`. */
export async function listen(server: FastifyInstance, { host, port }: ListenAddress): Promise<ListenAddress> {
  const cutSilent = trackSilentConnections(server.server);
  server.addHook("preClose", async () => cutSilent());
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw new OperatorError("ListenFailed", `can't listen on ${host}:${port}: ${errorMessage(error)}`, {
      cause: error,
      details: { host, port },
    });
  }
  const address = server.server.address();
  return { host, port: typeof address === "object" && address !== null ? address.port : port };
}
