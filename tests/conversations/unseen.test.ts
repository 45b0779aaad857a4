/**
 * Conversations with contact centres that were committed before they were measured. How those of the development half went is
 * printed; the others are only counted, so that they can be measured with again.
 */
import { expect, test } from "vitest";
import { type Held, holdAll, passedOf, report } from "./halves.ts";

const english = ["telco", "bank", "insurance", "shop", "city", "travel", "power", "clinic"].map(
  (name) => `unseen/${name}`,
);
const german = ["telefon", "stadtwerke"].map((name) => `german/${name}`);

async function holdCounted(files: readonly string[]): Promise<readonly Held[]> {
  const held = await holdAll(files);
  process.stdout.write(report(held, ["development"]));
  return held;
}

test("conversations that nobody has seen are held", async () => {
  const held = await holdCounted(english);
  expect(held.length).toBeGreaterThanOrEqual(120);
  expect(passedOf(held)).toBeGreaterThanOrEqual(0.8);
}, 120_000);

test("German conversations are held", async () => {
  const held = await holdCounted(german);
  expect(held.length).toBeGreaterThanOrEqual(30);
  expect(passedOf(held)).toBeGreaterThanOrEqual(0.8);
}, 60_000);
