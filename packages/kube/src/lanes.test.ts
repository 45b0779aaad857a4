import { describe, expect, it } from "vitest";
import { LanedKeys, moreUrgent } from "./lanes.ts";

function takeAll(keys: LanedKeys): readonly string[] {
  const taken: string[] = [];
  for (let key = keys.take(); key !== undefined; key = keys.take()) taken.push(key);
  return taken;
}

describe("lanes", () => {
  it("let the urgent go first, and the first come within one", () => {
    const keys = new LanedKeys();
    keys.add("r1", "resync");
    keys.add("t1", "retry");
    keys.add("d1", "dependant");
    keys.add("e1", "edit");
    keys.add("d2", "dependant");
    keys.add("e2", "edit");
    expect(takeAll(keys)).toEqual(["e1", "e2", "d1", "d2", "t1", "r1"]);
  });

  it("hold a key in the lane that it was added to last", () => {
    const keys = new LanedKeys();
    keys.add("a", "resync");
    keys.add("b", "dependant");
    keys.add("a", "edit");
    expect(takeAll(keys)).toEqual(["a", "b"]);
  });

  it("let the least urgent pass after fifteen others", () => {
    const keys = new LanedKeys();
    keys.add("late", "resync");
    for (let edit = 0; edit < 100; edit++) keys.add(`e${edit}`, "edit");
    expect(takeAll(keys).indexOf("late")).toBe(15);
  });

  it.each([
    { left: "edit", right: "resync", more: "edit" },
    { left: "resync", right: "retry", more: "retry" },
    { left: "retry", right: undefined, more: "retry" },
  ] as const)("$left or $right: $more is more urgent", ({ left, right, more }) => {
    expect(moreUrgent(left, right)).toBe(more);
  });
});
