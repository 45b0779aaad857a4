/** The agent of docs/first-agent.md: greets people, and remembers whom it has greeted. */
import { defineAgent, handover, type Reply, type TurnContext } from "@lmos/agent";

/** Greets whoever tells a name. */
export const helloAgent = defineAgent({
  name: "hello-agent",
  description: "Greets people by their name",
  capabilities: [
    {
      name: "greet",
      version: "1.0.0",
      description: "Greets somebody by name, and knows them again",
      examples: [
        "hello, I am Ada",
        "my name is Bob, greet me",
        "good morning, this is Carol",
        "do you know who I am?",
        "let me talk to a person",
      ],
    },
  ],
  supportedChannels: ["web"],
  respond,
});

const place = { term: "long", scope: "agent" } as const;

async function respond({ message, memory, logger }: TurnContext): Promise<Reply> {
  if (/\bperson\b/i.test(message)) return handover({ content: "I am looking for somebody." });
  const name = message.match(/\b(?:I am|name is|this is) (\p{L}+)/iu)?.[1];
  if (name !== undefined) {
    if (!(await memory.set("name", name, place))) logger.info("Nobody to remember");
    return `Hello ${name}!`;
  }
  const known = await memory.get("name", place);
  return known === undefined ? "Who are you?" : `Good to see you again, ${String(known.value)}!`;
}
