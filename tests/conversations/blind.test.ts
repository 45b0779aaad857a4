/**
 * Conversations that were written before their author knew the code. Prints what passed by kind and half, and how the others
 * went. Nine in ten are asked of the kinds that reached them.
 */
import { expect, test } from "vitest";
import { type Held, holdAll, passedOf, report } from "./halves.ts";

const blind = ["bank", "insurer", "shop", "transit", "helpdesk", "hotel", "pair"].map(
  (name) => `blind/${name}`,
);
const later = ["campus", "energy"].map((name) => `later/${name}`);

async function holdShown(files: readonly string[]): Promise<readonly Held[]> {
  const held = await holdAll(files);
  process.stdout.write(report(held, ["development", "held out"]));
  return held;
}

test("conversations written blind are held", async () => {
  const held = await holdShown(blind);
  expect(held.length).toBeGreaterThanOrEqual(200);
  expect(passedOf(held)).toBeGreaterThanOrEqual(0.88);
  const kinds = Map.groupBy(held, ({ kind }) => kind);
  for (const kind of ["follow-up", "clarify", "none", "courtesy"]) {
    expect(passedOf(kinds.get(kind) ?? []), kind).toBeGreaterThanOrEqual(0.9);
  }
}, 120_000);

test("conversations written later are held", async () => {
  const held = await holdShown(later);
  expect(held.length).toBeGreaterThanOrEqual(40);
}, 60_000);
