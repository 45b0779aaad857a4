/** A set of conversations, as its file holds it. */
import { readFileSync } from "node:fs";
import { z } from "zod";

const scriptSchema = z.object({
  agents: z.array(
    z.object({
      name: z.string(),
      capability: z.string(),
      description: z.string(),
      examples: z.array(z.string()),
    }),
  ),
  conversations: z.array(
    z.object({
      name: z.string(),
      kind: z.string().default("any"),
      turns: z.array(z.object({ user: z.string(), expect: z.string() })),
    }),
  ),
});
/** Agents, and what is said to them. */
export type Script = z.infer<typeof scriptSchema>;

/** One conversation of a set. */
export type Conversation = Script["conversations"][number];

/** The set in a file beside this one. */
export function readScript(file: string): Script {
  return scriptSchema.parse(JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8")));
}
