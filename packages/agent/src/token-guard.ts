// Lets operations in whose token was made for this agent: by that runtime, for now, and for the tenant and the channel that
// the operation names.
import type { Clock, Logger } from "@lmos/primitives";
import { type AgentRequest, agentTokenType, contextValue, tokenContextKey } from "@lmos/protocol";
import { type TokenFault, type TokenServices, verifyToken } from "@lmos/tokens";
import { GraphQLError } from "graphql";
import { openKeys, type TokenOptions, tokenRulesOf } from "./token-options.ts";
import { readTurnClaims, type TurnClaims } from "./turn-claims.ts";

/** Why an operation is refused: it has no token, one that does not count, or one that is for another one. */
export type GuardFault = TokenFault | "missing" | "other_tenant" | "other_channel";

/** Guards the operations of a server. */
export interface TokenGuard {
  /**
   * What the operation's token says.
   *
   * @throws GraphQLError `UNAUTHENTICATED` where that does not count, `KEYS_UNAVAILABLE` where nobody can know.
   */
  admit(request: AgentRequest): Promise<TurnClaims>;
}

/** ECDSA over P-256 and Ed25519, as the runtime signs: never what whoever verifies could sign with. */
const algorithms = ["EdDSA", "Ed25519", "ES256"];
const types: ReadonlySet<unknown> = new Set([agentTokenType]);
const requiredClaims = ["exp", "nbf", "iat", "jti"];

/** Makes one. Throws an `AgentError` `InvalidDefinition` for options that cannot work. */
export async function createTokenGuard(
  options: TokenOptions,
  services: { readonly clock: Clock; readonly logger: Logger },
): Promise<TokenGuard> {
  const rules = tokenRulesOf(options);
  const jwt = await import("jose"); // loaded by those who use it only
  const keys = openKeys(options, { ...services, jwt });
  const verifying: TokenServices = { keys, jwt, clock: services.clock };
  const look = async (request: AgentRequest): Promise<TurnClaims | GuardFault> => {
    const token = contextValue(request.systemContext, tokenContextKey);
    if (token === undefined || token === "") return "missing";
    const { issuer, clockTolerance } = rules;
    const audiences = rules.audiencesFor(contextValue(request.systemContext, "tenantId") ?? "");
    const own = { issuer, audiences, algorithms, types, requiredClaims, clockTolerance };
    const found = await verifyToken(token, own, verifying);
    if (typeof found === "string") return found;
    const claims = readTurnClaims(found);
    return claims === undefined ? "claims" : (faultOfOperation(claims, request) ?? claims);
  };
  return {
    admit: async (request) => {
      const found = await look(request);
      if (typeof found !== "string") return found;
      const { conversationId } = request.conversationContext;
      services.logger.warn("An operation was refused for its token", { reason: found, conversationId });
      throw refusalOf(found);
    },
  };
}

/** What the operation says of itself has to be what the token says: an agent reads both. */
function faultOfOperation(
  { tenant, channel }: TurnClaims,
  { systemContext }: AgentRequest,
): GuardFault | undefined {
  if (contextValue(systemContext, "tenantId") !== tenant) return "other_tenant";
  return contextValue(systemContext, "channelId") === channel ? undefined : "other_channel";
}

/** Says no more than what its sender can do something about; the reason is in the log. */
function refusalOf(fault: GuardFault): GraphQLError {
  if (fault === "keys_unavailable") {
    const extensions = { code: "KEYS_UNAVAILABLE" };
    return new GraphQLError("Tokens cannot be verified at the moment.", { extensions });
  }
  const extensions = { code: "UNAUTHENTICATED" };
  if (fault !== "missing")
    return new GraphQLError("The token of the operation is not valid here.", { extensions });
  const message = `A token is needed, in the entry ${tokenContextKey} of systemContext.`;
  return new GraphQLError(message, { extensions });
}
