/** Which messages a turn is about: the client's, or those that the server remembers and what the user said last. */
import type { RememberedConversation } from "../conversation/conversation-memory.ts";
import type { Turn } from "./turn.ts";

/**
 * The turn with the messages that its agent and its router see. Where the server tells the conversation, a client adds what
 * its user says and nothing else: what an assistant said before is the server's to know.
 */
export function withHistory(turn: Turn, remembered: RememberedConversation | undefined): Turn {
  if (turn.history !== "server") return turn;
  const said = (remembered?.messages ?? []).map((message) => ({ ...message, format: "text" }));
  return { ...turn, messages: [...said, ...turn.messages.filter(({ role }) => role === "user").slice(-1)] };
}
