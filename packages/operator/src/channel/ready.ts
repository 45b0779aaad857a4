/** The condition Ready: whether messages reach agents that are ready. The summary of the others. */
import { conditionOf } from "@lmos/resources";
import { type Verdict, verdict } from "../verdict.ts";
import { activeAgents } from "./active-wires.ts";
import type { ChannelDecision } from "./decision.ts";
import type { ChannelInput } from "./gather.ts";

/** The first of those before that is not true, or else whether every wired agent is ready. */
export function readyVerdict(
  decision: ChannelDecision,
  input: ChannelInput,
  before: readonly Verdict[],
): Verdict {
  const failed = before.find(({ status }) => status !== "True");
  if (failed !== undefined) return failed;
  const isReady = (name: string): boolean => {
    const agent = input.agents.find(({ metadata }) => metadata.name === name);
    return conditionOf(agent?.status?.conditions, "Ready")?.status === "True";
  };
  const waiting = activeAgents(decision, input).filter((name) => !isReady(name));
  if (waiting.length > 0) return verdict("False", "ProviderNotReady", `not ready: ${someNames(waiting)}`);
  return verdict("True", "Active", "every requirement is wired to an agent that is ready");
}

const namedWaiting = 10;

function someNames(names: readonly string[]): string {
  const hidden = names.length - namedWaiting;
  return [...names.slice(0, namedWaiting), ...(hidden > 0 ? [`and ${hidden} more`] : [])].join(", ");
}
