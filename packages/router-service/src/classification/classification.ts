/** What LMOS' classifier is asked and answers. */
import type { AddressedAgent, ChannelScope, ClassifyRequest, RoutingDecision } from "@lmos/router";
import { z } from "zod";
import { type DocumentAgent, toDocumentAgent } from "../agents/agent-document.ts";

const maxMessageLength = 65_536;

/** A request; members that Jackson writes as null count as left out. */
export const classificationRequestSchema = z.object({
  inputContext: z.object({
    userMessage: z.string().max(maxMessageLength),
    historyMessages: z
      .array(z.object({ role: z.enum(["USER", "ASSISTANT"]), content: z.string().max(maxMessageLength) }))
      .max(200)
      .nullish(),
    metadata: z.record(z.string(), z.unknown()).nullish(),
  }),
  systemContext: z.object({
    tenantId: z.string().min(1).max(253),
    channelId: z.string().min(1).max(253),
    subset: z.string().max(253).nullish(),
  }),
});

/** A request that was read. */
export type ClassificationRequest = z.infer<typeof classificationRequestSchema>;

/** An answer; `classifiedAgents` has one agent or none. */
export interface ClassificationResult {
  readonly classifiedAgents: readonly Pick<DocumentAgent, "id" | "name" | "address">[];
  readonly candidateAgents: readonly DocumentAgent[];
  readonly reason: string;
}

/** The channel that is asked about. */
export function scopeOf({ systemContext }: ClassificationRequest): ChannelScope {
  const { tenantId, channelId, subset } = systemContext;
  return { tenant: tenantId, channel: channelId, subset: subset || "stable" };
}

/** The message, with what was said before. */
export function questionOf({ inputContext }: ClassificationRequest): ClassifyRequest {
  const history = (inputContext.historyMessages ?? []).map(({ role, content }) => ({
    role: role === "USER" ? ("user" as const) : ("assistant" as const),
    content,
  }));
  return { message: inputContext.userMessage, history };
}

/** What a decision among these agents says there. */
export function toClassificationResult(
  decision: RoutingDecision,
  agents: readonly AddressedAgent[],
): ClassificationResult {
  const byId = new Map(agents.map((agent) => [agent.id, agent]));
  const candidates = decision.alternatives.flatMap(({ agent }) => byId.get(agent) ?? []);
  const chosen = decision.decision === "accept" ? byId.get(decision.agent) : undefined;
  return {
    classifiedAgents:
      chosen === undefined ? [] : [{ id: chosen.id, name: chosen.name, address: chosen.address }],
    candidateAgents: candidates.map(toDocumentAgent),
    reason: reasonOf(decision),
  };
}

const deciders: Readonly<Record<RoutingDecision["explanation"]["stage"], string>> = {
  vector: "examples",
  llm: "a language model",
  words: "words alone, as there are no vectors at the moment",
};

/** The decision in one sentence, the same for the same decision. */
export function reasonOf({ decision, confidence, alternatives, explanation }: RoutingDecision): string {
  const [best] = alternatives;
  const share = `${Math.round(confidence * 100)} %`;
  const by = deciders[explanation.stage];
  switch (decision) {
    case "accept":
      return `${best?.agent} is the likeliest agent (${share}, by ${by}, for ${best?.capability}).`;
    case "ask":
      return `Several agents are in question; the likeliest is ${best?.agent} (${share}).`;
    case "none":
      return "The message resembles nothing that the agents can do.";
    default:
      return decision satisfies never;
  }
}
