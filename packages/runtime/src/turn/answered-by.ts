/** Who said what in a conversation: the runtime remembers it, whoever tells the messages. */
import type { Message } from "@lmos/protocol";
import type { HistoryMessage } from "@lmos/router";
import { maxRememberedLength, type RememberedMessage } from "../conversation/conversation-memory.ts";

/**
 * The messages with the agents that answered. An answer is known by its text, because clients tell messages without
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
    const agent = role === "assistant" ? agents.get(content.slice(0, maxRememberedLength)) : undefined;
    return agent === undefined ? { role, content } : { role, content, agent };
  });
}

const none: ReadonlyMap<string, string> = new Map();

function agentsByAnswer(remembered: readonly RememberedMessage[]): ReadonlyMap<string, string> {
  return new Map(
    remembered.flatMap(({ content, agent }) => (agent === undefined ? [] : [[content, agent] as const])),
  );
}
