import { mapInSteps } from "@lmos/ranking";
import { describe, expect, it } from "vitest";
import { inTurns } from "./in-turns.ts";

const { signal } = new AbortController();
/** More than one pause apart. */
const costly = 5_000_000;

describe("inTurns", () => {
  it("gives the result of the work", async () => {
    expect(
      await inTurns(
        mapInSteps([1, 2, 3], costly, (value) => value * 2),
        { signal },
      ),
    ).toEqual([2, 4, 6]);
    expect(
      await inTurns(
        mapInSteps<number, number>([], costly, (value) => value),
        { signal },
      ),
    ).toEqual([]);
  });

  it("lets others have their turn in every pause", async () => {
    const order: string[] = [];
    const work = (name: string) =>
      inTurns(
        mapInSteps([1, 2, 3], costly, (value) => order.push(`${name}${value}`)),
        { signal },
      );
    await Promise.all([work("a"), work("b")]);
    expect(order).toEqual(["a1", "b1", "a2", "b2", "a3", "b3"]);
  });

  it("stops in a pause when it is aborted", async () => {
    const controller = new AbortController();
    const done: number[] = [];
    const steps = mapInSteps([1, 2, 3, 4], costly, (value) => {
      done.push(value);
      if (value === 2) controller.abort(new Error("no longer wanted"));
    });
    await expect(inTurns(steps, { signal: controller.signal })).rejects.toThrow("no longer wanted");
    expect(done).toEqual([1, 2]);
  });

  it("passes on what the work throws", async () => {
    const steps = mapInSteps([1], costly, () => {
      throw new RangeError("broken");
    });
    await expect(inTurns(steps, { signal })).rejects.toThrow("broken");
  });
});
