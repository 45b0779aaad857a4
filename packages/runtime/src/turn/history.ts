/** Which messages a turn is about: the client's, or those that the server remembers and the client's last one. */
import type { RememberedConversation } from "../conversation/conversation-memory.ts";
import type { Turn } from "./turn.ts";

/** The turn with the messages that its agent and its router see. */
export function withHistory(turn: Turn, remembered: RememberedConversation | undefined): Turn {
  if (turn.history !== "server") return turn;
  const said = (remembered?.messages ?? []).map((message) => ({ ...message, format: "text" }));
  return { ...turn, messages: [...said, ...turn.messages.slice(-1)] };
}
