import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { SharedValues } from "./shared-values.ts";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

/** Collects garbage until that holds, for ten rounds at most. */
async function collectUntil(holds: () => boolean): Promise<void> {
  for (let round = 0; round < 10 && !holds(); round += 1) {
    if (typeof collect === "function") collect();
    await new Promise((resolve) => setImmediate(resolve)); // a round of the event loop is what ends a reference
  }
}

describe("shared values", () => {
  it("are made once for each text", () => {
    const values = new SharedValues<{ readonly text: string }>();
    const made: string[] = [];
    const get = (text: string) =>
      values.get(text, () => {
        made.push(text);
        return { text };
      });
    const first = get("a");
    expect([get("a") === first, get("b") === first, get("a") === first]).toEqual([true, false, true]);
    expect(made).toEqual(["a", "b"]);
  });

  it("are forgotten when nobody has them any more, and made anew then", async () => {
    const values = new SharedValues<{ readonly at: number }>();
    const kept = values.get("kept", () => ({ at: -1 }));
    for (let at = 0; at < 1_000; at += 1) values.get(`text ${at}`, () => ({ at }));
    await collectUntil(() => values.size === 1);
    expect(values.size).toBe(1);
    expect(values.get("kept", () => ({ at: 0 }))).toBe(kept);
    expect(values.get("text 7", () => ({ at: 8 }))).toEqual({ at: 8 });
  });
});
