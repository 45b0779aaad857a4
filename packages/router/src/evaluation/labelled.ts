/** Messages with the answer that is right for them, and what a classifier made of them. */
import { isRecord } from "@lmos/primitives";
import { RouterError } from "../errors.ts";
import type { RoutingDecision } from "../model.ts";

/** A message and whose it is. */
export interface LabelledMessage {
  readonly text: string;
  /** Undefined for a message that belongs to none of the agents. */
  readonly agent: string | undefined;
  /** Undefined where only the agent is known. */
  readonly capability: string | undefined;
}

/** A labelled message with the decision about it. */
export interface JudgedMessage extends LabelledMessage {
  readonly decision: RoutingDecision;
}

/** True when the best agent, whatever was decided, is the right one. */
export function isAgentRight({ agent, decision }: JudgedMessage): boolean {
  return agent !== undefined && decision.alternatives[0]?.agent === agent;
}

/**
 * The messages of a list of `{"text", "agent", "capability"}`; agent and capability may be missing, null or empty.
 *
 * @throws RouterError `InvalidLabelled`, naming the entry that is wrong.
 */
export function parseLabelled(entries: readonly unknown[]): readonly LabelledMessage[] {
  return entries.map((entry, i) => {
    if (!isRecord(entry)) throw invalid(i, "expected an object");
    const { text, agent, capability } = entry;
    if (typeof text !== "string") throw invalid(i, "text: expected a text");
    return { text, agent: label(agent, i, "agent"), capability: label(capability, i, "capability") };
  });
}

function label(value: unknown, index: number, field: string): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string") return value;
  throw invalid(index, `${field}: expected a text`);
}

function invalid(index: number, reason: string): RouterError {
  return new RouterError("InvalidLabelled", `message ${index + 1}: ${reason}`, { details: { index } });
}
