/** The recordings that our agent is compared with are what the jars of ARC 0.126.0 answer. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Dialogue, dialogues, framesOf, masked, play } from "../../packages/agent/src/test-dialogues.ts";
import { type KotlinAgent, startKotlinAgent } from "./kotlin-agent.ts";

const atOnce = 8;
let agent: KotlinAgent;

beforeAll(async () => {
  agent = await startKotlinAgent();
});
afterAll(() => agent?.[Symbol.asyncDispose]());

/** ARC forgets an id some time after its `complete`: who uses it again at once is closed with 4409, or not. */
function usesAnIdAgain({ steps }: Dialogue): boolean {
  const subscribed = steps.filter((step) => JSON.stringify(step).includes('"type":"subscribe","id":"s1"'));
  return subscribed.length > 1;
}

test("the Kotlin agent answers as it was recorded", async () => {
  const waiting = dialogues.filter((dialogue) => !usesAnIdAgain(dialogue));
  const different: unknown[] = [];
  const compare = async (): Promise<void> => {
    for (let dialogue = waiting.shift(); dialogue !== undefined; dialogue = waiting.shift()) {
      const expected = { frames: framesOf(dialogue.steps), end: dialogue.end };
      const seen = await play(dialogue, { port: agent.port, expected }).catch(String);
      if (JSON.stringify(seen) !== JSON.stringify(masked(expected)))
        different.push({ name: dialogue.name, seen });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, compare));
  expect(different).toEqual([]);
});
