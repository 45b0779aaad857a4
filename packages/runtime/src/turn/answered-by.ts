/** Who said what in a conversation: the runtime remembers it, whoever tells the messages. */
import type { Message } from "@lmos/protocol";
import type { HistoryMessage } from "@lmos/router";
import { maxRememberedLength, type RememberedMessage } from "../conversation/conversation-memory.ts";

/**
 * The messages with the agents that answered, and what the runtime said itself. An answer is known by its text, because clients tell messages without
 * names; of answers with the same text the latest counts.
 */
export function withAnsweringAgents(
  messages: readonly Message[],
  remembered: readonly RememberedMessage[],
): readonly HistoryMessage[] {
  // Most clients send their last message alone: then nothing that was remembered is looked through.
  const isAnswered = messages.some(({ role }) => role === "assistant");
  const agents = isAnswered ? agentsByAnswer(remembered) : none;
  return messages.map(({ role, content }) => {
    if (role !== "assistant") return { role, content };
    const answer = content.slice(0, maxRememberedLength);
    const agent = agents.get(answer);
    if (agent !== undefined) return { role, content, agent };
    return agents.has(answer) ? { role, content, isOwn: true } : { role, content };
  });
}

const none: ReadonlyMap<string, string | undefined> = new Map();

function agentsByAnswer(remembered: readonly RememberedMessage[]): ReadonlyMap<string, string | undefined> {
  return new Map(
    remembered.flatMap(({ role, content, agent }) =>
      role === "assistant" ? [[content, agent] as const] : [],
    ),
  );
}
