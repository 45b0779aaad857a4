/** The first step of a turn: who is asking, in which conversation, and is that a message that can be answered? */
import type { Message } from "@lmos/protocol";
import type { Caller } from "../auth/identity.ts";
import { type TurnFailure, turnFailure } from "./failure.ts";
import { describeInvalidBody } from "./invalid-body.ts";
import { wrongTenant } from "./tenant-checks.ts";
import type { Correlation, Turn } from "./turn.ts";
import { type TurnBody, turnBodySchema } from "./turn-body.ts";

/** A turn as it came in. */
export interface TurnInput {
  readonly tenant: string;
  readonly conversationId: string;
  /** Header `x-turn-id`: required, may be blank. */
  readonly turnId: string | undefined;
  /** Header `x-subset`. */
  readonly subset: string | undefined;
  /** Parsed JSON. */
  readonly body: unknown;
  readonly streaming: boolean;
  /** Header `x-lmos-history`; `server` means that the client sends its last message only. */
  readonly history?: string | undefined;
  readonly correlation: Correlation;
  /** Who proved to be the user; undefined where users don't have to. */
  readonly caller?: Caller | undefined;
}

/** What became of it. */
export type Acceptance =
  | { readonly kind: "accepted"; readonly turn: Turn }
  | { readonly kind: "refused"; readonly failure: TurnFailure };

const maxIdLength = 256;

/** Validates one turn. */
export function acceptTurn(input: TurnInput): Acceptance {
  // The wording of this one message is the Kotlin runtime's: clients are known to match on it.
  if (input.turnId === undefined) {
    return refused(`400 BAD_REQUEST "Required header 'x-turn-id' is not present."`);
  }
  const tooLong = firstTooLong(input);
  if (tooLong !== undefined)
    return refused(`${tooLong} has more than ${maxIdLength} characters: shorten it.`);
  const body = turnBodySchema.safeParse(input.body);
  if (!body.success) return refused(describeInvalidBody(body.error, input.body));
  const turn = toTurn(input, input.turnId, body.data);
  if (input.caller !== undefined && input.caller.identity.tenant !== input.tenant) {
    return { kind: "refused", failure: wrongTenant() };
  }
  if (holdsToken(turn, input.caller)) {
    return refused(
      "The message or its context holds the token of the request: agents never get it, leave it out.",
    );
  }
  if (turn.explicitAgent === undefined && !turn.messages.some(({ role }) => role === "user")) {
    return refused(
      "Field inputContext.messages has no message of the role user: send one, or name an explicitAgent.",
    );
  }
  return { kind: "accepted", turn };
}

function firstTooLong(input: TurnInput): string | undefined {
  const ids: readonly (readonly [string, string | undefined])[] = [
    ["The tenant", input.tenant],
    ["The conversation id", input.conversationId],
    ["The turn id", input.turnId], // a header, a message's id of A2A, or a field of GraphQL
    ["Header x-subset", input.subset],
  ];
  return ids.find(([, id]) => (id?.length ?? 0) > maxIdLength)?.[0];
}

function toTurn(input: TurnInput, turnId: string, body: TurnBody): Turn {
  const { inputContext, systemContext, userContext } = body;
  return {
    tenant: input.tenant,
    channel: systemContext.channelId,
    subset: input.subset || undefined,
    conversationId: input.conversationId,
    turnId,
    messages: inputContext.messages.map(toMessage),
    explicitAgent: inputContext.explicitAgent ?? undefined,
    anonymizationEntities: inputContext.anonymizationEntities ?? undefined,
    contextParams: systemContext.contextParams,
    owner: ownerOf(input.caller),
    userId: input.caller?.identity.subject ?? userContext.userId,
    profile: userContext.contextParams,
    streaming: input.streaming,
    history: input.history === "server" ? "server" : "client",
    correlation: input.correlation,
  };
}

function ownerOf(caller: Caller | undefined): Turn["owner"] {
  if (caller === undefined) return undefined;
  const { issuer, subject, tenant } = caller.identity;
  return { issuer, subject, tenant };
}

/** Whether anything that an agent would be told holds the user's token. */
function holdsToken(
  { messages, contextParams, profile, anonymizationEntities, conversationId, turnId }: Turn,
  caller: Caller | undefined,
): boolean {
  if (caller === undefined) return false;
  const told = [messages, contextParams, profile, anonymizationEntities, conversationId, turnId];
  return JSON.stringify(told).includes(caller.token.reveal());
}

function toMessage(message: TurnBody["inputContext"]["messages"][number]): Message {
  return {
    role: message.role,
    content: message.content,
    format: message.format,
    turnId: message.turnId ?? undefined,
    binaryData: message.binaryData?.map(({ mimeType, dataAsBase64, source }) => ({
      mimeType,
      dataAsBase64: dataAsBase64 ?? undefined,
      source: source ?? undefined,
    })),
  };
}

function refused(message: string): Acceptance {
  return { kind: "refused", failure: turnFailure("invalid_request", message) };
}
