/** A GraphQL request as a turn: tenant and channel are entries of its system context. */

import { type AgentRequest, contextValue, traceOfOperation } from "@lmos/protocol";
import type { Caller } from "../auth/identity.ts";
import { type Acceptance, acceptTurn } from "../turn/accept.ts";
import { turnFailure } from "../turn/failure.ts";
import type { Correlation } from "../turn/turn.ts";

/** The turn of a client that names none; the Kotlin runtime's word. */
const unknownTurnId = "unknown turnId";

/** Validates a request like any other turn. */
export function acceptRequest(
  request: AgentRequest,
  {
    correlation,
    caller,
    tenant: usualTenant,
  }: {
    readonly correlation: Correlation;
    readonly caller?: Caller | undefined;
    /** Of a request that names none. */
    readonly tenant?: string | undefined;
  },
): Acceptance {
  const { messages, conversationContext, systemContext, userContext } = request;
  const tenant = contextValue(systemContext, "tenantId") ?? usualTenant;
  if (tenant === undefined) return missing("tenantId in systemContext");
  const channelId = contextValue(systemContext, "channelId");
  if (channelId === undefined) return missing("channelId in systemContext");
  if (userContext.userId === undefined) return missing("user id");
  return acceptTurn({
    tenant,
    conversationId: conversationContext.conversationId,
    turnId: conversationContext.turnId ?? unknownTurnId,
    subset: undefined,
    streaming: false,
    correlation: { ...correlation, ...traceOfOperation(systemContext, correlation) },
    caller,
    body: {
      inputContext: { messages, anonymizationEntities: conversationContext.anonymizationEntities },
      systemContext: { channelId, contextParams: systemContext },
      userContext: { userId: userContext.userId, contextParams: userContext.profile },
    },
  });
}

function missing(what: string): Acceptance {
  return { kind: "refused", failure: turnFailure("invalid_request", `missing ${what}`) };
}
