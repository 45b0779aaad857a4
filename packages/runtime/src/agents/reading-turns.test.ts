import { nextTurn } from "@lmos/primitives";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { ReadingTurns } from "./reading-turns.ts";

let turns: ReadingTurns;
let gone: string[];

beforeEach(() => {
  turns = new ReadingTurns();
  gone = [];
});

const takerOf = (name: string) => ({ goOn: () => void gone.push(name) });

/** How many went on in each turn of the loop, until none does. */
async function goneByTurn(): Promise<readonly number[]> {
  const counts: number[] = [];
  for (let before = 0; ; before = gone.length) {
    await nextTurn();
    if (gone.length === before) return counts;
    counts.push(gone.length - before);
  }
}

describe("those that have read their share", () => {
  it("go on in the next turn of the loop, not in this one", async () => {
    turns.wait(takerOf("a"));
    await Promise.resolve();
    expect(gone).toEqual([]);
    await nextTurn();
    expect(gone).toEqual(["a"]);
  });

  it.each([
    { count: 1, expected: [1] },
    { count: 8, expected: [8] },
    { count: 9, expected: [8, 1] },
    { count: 30, expected: [8, 8, 8, 6] },
  ])("are let go on in small numbers: $count of them", async ({ count, expected }) => {
    for (let i = 0; i < count; i++) turns.wait(takerOf(`${i}`));
    expect(await goneByTurn()).toEqual(expected);
    expect(gone).toEqual(Array.from({ length: count }, (_, i) => `${i}`));
  });

  it("go on once, however often they wait", async () => {
    const taker = takerOf("a");
    turns.wait(taker);
    turns.wait(taker);
    expect(await goneByTurn()).toEqual([1]);
  });

  it("come behind those that waited before, when they wait again", async () => {
    const greedy = { goOn: () => gone.push("greedy") < 12 && turns.wait(greedy) };
    turns.wait(greedy);
    for (let i = 0; i < 16; i++) turns.wait(takerOf("other"));
    await nextTurn();
    await nextTurn();
    await nextTurn();
    expect(gone.lastIndexOf("other")).toBeLessThanOrEqual(18); // two shares of the greedy one between sixteen others at most
    expect(gone.filter((name) => name === "other")).toHaveLength(16);
  });

  it("take turns again when all have gone on", async () => {
    turns.wait(takerOf("a"));
    await goneByTurn();
    turns.wait(takerOf("b"));
    await nextTurn();
    expect(gone).toEqual(["a", "b"]);
  });
});

it("lets everyone go on as often as it waited in different turns, in order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 20 }), { maxLength: 60 }), async (names) => {
      gone = [];
      const takers = Array.from({ length: 21 }, (_, name) => takerOf(`${name}`));
      for (const name of names) turns.wait(takers[name] ?? takerOf("none"));
      await goneByTurn();
      expect(gone).toEqual([...new Set(names)].map(String));
    }),
    { numRuns: 30 },
  );
});
