/** Who is called, and with what: the same message for a runtime, a bare proxy and the agent itself. */
import { connectCaller } from "./http-caller.ts";
import type { LoadTarget } from "./load.ts";

/** Conversations that the turns belong to, as in the measurement of the Kotlin runtime. */
const conversations = 1000;

/** What is sent to a runtime. */
export interface RuntimeTurns {
  readonly messageAt: (index: number) => string;
  /** The agent that the client insists on; the router decides without it. */
  readonly agent?: string;
}

/** Turns through a runtime; a bare proxy takes them too, and so does the stub agent, both whatever they say. */
export function turnsTo(port: number, { messageAt, agent }: RuntimeTurns): LoadTarget {
  return {
    connect: async () => {
      const caller = await connectCaller(port);
      return {
        call: (index) =>
          caller.call(
            `/apis/v1/acme/chat/c${index % conversations}/message`,
            bodyOf(messageAt(index), agent),
          ),
        [Symbol.dispose]: () => caller[Symbol.dispose](),
      };
    },
  };
}

/** The body of one turn. */
export function bodyOf(content: string, explicitAgent: string | undefined, channelId = "web"): string {
  return JSON.stringify({
    inputContext: { messages: [{ role: "user", content }], explicitAgent },
    systemContext: { channelId },
    userContext: { userId: "u1" },
  });
}
