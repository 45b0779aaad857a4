import { askStreaming, type ChatEvent } from "../runtime-client.ts";
import { acmeTurn } from "./acme.ts";
import type { CheckScene } from "./check-scene.ts";

/** Streams one answer as server-sent events. */
export async function checkStreaming({ runtimeUrl, checks, context }: CheckScene): Promise<void> {
  checks.section("streaming one answer");
  const message = "Why is my bill so high this month?";
  const turn = acmeTurn({ runtimeUrl, channel: "web", message, id: context.ids.next() });
  const events = await Array.fromAsync(askStreaming(turn, { signal: context.signal }));
  const names = events.map(({ event }) => event);
  const deltas = textsOf(events, "text-delta");
  context.terminal.print(`  events: ${names.join(", ")}`);
  checks.record(
    "it begins with turn-start and ends with turn-end",
    names[0] === "turn-start" && names.at(-1) === "turn-end",
  );
  checks.record(`it comes in ${deltas.length} pieces`, deltas.length > 1);
  const [whole] = textsOf(events, "message");
  checks.record("the pieces add up to the message", whole !== undefined && deltas.join("") === whole);
}

function textsOf(events: readonly ChatEvent[], name: string): readonly string[] {
  return events
    .filter(({ event }) => event === name)
    .map(({ data }) => data["text"] ?? data["content"])
    .filter((text) => typeof text === "string");
}
