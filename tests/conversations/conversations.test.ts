/**
 * Conversations kept as data, held with a real runtime. Prints what passed; those that don't pass are listed in the README.
 */
import { expect, test } from "vitest";
import { hold } from "./hold.ts";
import { startScene } from "./scene.ts";
import { readScript } from "./script.ts";

const scripts = ["conversations.json", "travel-conversations.json", "town-conversations.json"].map(
  (file) => ({
    file,
    ...readScript(file),
  }),
);

interface Result {
  readonly count: number;
  readonly faults: readonly string[];
}

async function holdAll(script: (typeof scripts)[number]): Promise<Result> {
  await using scene = await startScene(script);
  const faults: string[] = [];
  for (const conversation of script.conversations) {
    const fault = await hold(scene.runtime, conversation);
    if (fault !== undefined) faults.push(fault);
  }
  const count = script.conversations.length;
  const passed = count - faults.length;
  process.stdout.write(`${script.file}: ${passed} of ${count} conversations passed\n${faults.join("\n")}\n`);
  return { count, faults };
}

test("at least 90 % of the conversations go as written", async () => {
  const results: Result[] = [];
  for (const script of scripts) results.push(await holdAll(script));
  const count = results.reduce((sum, result) => sum + result.count, 0);
  const failed = results.flatMap(({ faults }) => faults).length;
  expect(count).toBeGreaterThanOrEqual(60);
  expect((count - failed) / count).toBeGreaterThanOrEqual(0.9);
}, 60_000);
