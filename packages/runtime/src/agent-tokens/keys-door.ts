/** The public keys of agents' tokens, for whoever has to verify one. */
import { agentTokenKeysPath } from "@lmos/protocol";
import type { FastifyInstance } from "fastify";
import type { AgentTokens } from "./agent-tokens.ts";

/** Seconds for which whoever reads the keys may keep them; a key to come stands in the file for longer before it signs. */
const maxAgeSeconds = 300;

/** Opens the door. */
export function openKeysDoor(app: FastifyInstance, tokens: Pick<AgentTokens, "publicKeys">): void {
  app.get(agentTokenKeysPath, async (_request, reply) =>
    reply
      .header("cache-control", `public, max-age=${maxAgeSeconds}`)
      .type("application/jwk-set+json")
      .send(JSON.stringify({ keys: tokens.publicKeys })),
  );
}
