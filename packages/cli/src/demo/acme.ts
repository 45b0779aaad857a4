/** The example tenant that the demo runs. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { CliError } from "../errors.ts";
import type { ChatTurn } from "../runtime-client.ts";

/** Folder of the example; an error where this is not a checkout. */
export function acmeFolder(): string {
  const folder = fileURLToPath(new URL("../../../../examples/acme", import.meta.url));
  if (existsSync(folder)) return folder;
  throw new CliError(
    "Usage",
    "the demo needs a checkout of the project (examples/acme): clone it, or use `lmos dev FOLDER`",
  );
}

const messageSchema = z.object({
  message: z.string(),
  channel: z.enum(["web", "ivr"]),
  /** The agent that a human dispatcher would choose; null where none is right. */
  expect: z.string().nullable(),
});
/** A message with what is to become of it. */
export type ExpectedMessage = z.infer<typeof messageSchema>;

/** The messages of examples/acme/messages.ndjson. */
export async function readExpectedMessages(folder: string): Promise<readonly ExpectedMessage[]> {
  const text = await readFile(`${folder}/messages.ndjson`, "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => messageSchema.parse(JSON.parse(line)));
}

/** A conversation of one message on one of acme's channels. */
export function acmeTurn(options: {
  readonly runtimeUrl: string;
  readonly channel: string;
  readonly message: string;
  readonly id: string;
}): ChatTurn {
  return {
    runtimeUrl: options.runtimeUrl,
    tenant: "acme",
    channel: options.channel,
    conversationId: options.id,
    turnId: options.id,
    userId: "ada",
    messages: [{ role: "user", content: options.message }],
  };
}
