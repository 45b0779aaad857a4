/** The recordings that our agent is compared with are what the jars of ARC 0.126.0 answer. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Dialogue, dialogues, framesOf, masked, play } from "../../packages/agent/src/test-dialogues.ts";
import { type KotlinAgent, startKotlinAgent } from "./kotlin-agent.ts";

const atOnce = 8;
const answerMs = 10_000;
let agent: KotlinAgent;

beforeAll(async () => {
  agent = await startKotlinAgent();
});
afterAll(() => agent?.[Symbol.asyncDispose]());

/**
 * What ARC answers in one order today and in another tomorrow, as it handles each frame and each message on a thread of
 * its own: a `complete` may overtake the `subscribe` that was sent after it, and what a tool says on the way its answer.
 */
const raced = ["stop before begun, and again", "tool !toolsay"];

/** ARC forgets an id some time after its `complete`: who uses it again at once is closed with 4409, or not. */
function usesAnIdAgain({ steps }: Dialogue): boolean {
  const subscribed = steps.filter((step) => JSON.stringify(step).includes('"type":"subscribe","id":"s1"'));
  return subscribed.length > 1;
}

/** Its frames and its end, or that it did not come to one in time. */
async function playInTime(dialogue: Dialogue, playing: Parameters<typeof play>[1]): Promise<unknown> {
  const tooLate = new AbortController();
  const waited = sleep(answerMs, `no end within ${answerMs} ms`, { signal: tooLate.signal }).catch(String);
  const played = play(dialogue, playing)
    .catch(String)
    .finally(() => tooLate.abort());
  return Promise.race([played, waited]);
}

test("the Kotlin agent answers as it was recorded", async () => {
  const waiting = dialogues.filter((one) => !usesAnIdAgain(one) && !raced.includes(one.name));
  const different: unknown[] = [];
  const compare = async (): Promise<void> => {
    for (let dialogue = waiting.shift(); dialogue !== undefined; dialogue = waiting.shift()) {
      const expected = { frames: framesOf(dialogue.steps), end: dialogue.end };
      const seen = await playInTime(dialogue, { port: agent.port, expected });
      if (JSON.stringify(seen) !== JSON.stringify(masked(expected)))
        different.push({ name: dialogue.name, seen });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, compare));
  expect(different).toEqual([]);
});
