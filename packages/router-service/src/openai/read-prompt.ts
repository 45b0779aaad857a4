/** Reads the agents out of whichever of its prompts a Kotlin runtime sends: the classifier's, the older router's, or that for a question. */
import type { AgentKey } from "../agents/agent-directory.ts";
import { listedAgents } from "./listed-agents.ts";
import { agentsOfPrompt, type PromptAgent } from "./prompt-agents.ts";
import { topicsOfPrompt } from "./prompt-topics.ts";

/** What is read of a prompt. */
export interface PromptAgents {
  /** What the prompt calls agents by. */
  readonly key: AgentKey;
  readonly agents: readonly PromptAgent[];
}

/** The agents that a prompt offers; none where it has none of these forms. */
export function readPrompt(prompt: string): PromptAgents {
  const named = listedAgents(prompt);
  if (named.length > 0) return { key: "name", agents: named };
  const classified = agentsOfPrompt(prompt);
  return { key: "id", agents: classified.length > 0 ? classified : topicsOfPrompt(prompt) };
}
