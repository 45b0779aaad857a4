import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePlan } from "./parse-plan.ts";

const ids = ["c1", "c2", "c3"];
const instructions = "You divide a user's message into questions.";
const part = (id: string, text = "what?", needs: readonly unknown[] = []): object => ({ id, text, needs });
const plan = (...parts: readonly object[]): string => JSON.stringify({ parts });

describe("a plan", () => {
  it("is read, with places from 0", () => {
    const answer = plan(part("c2", "how much?"), part("c1", "pay it", [1]), part("c2", "and then?", [1, 2]));
    expect(parsePlan(answer, ids, instructions)).toEqual([
      { id: "c2", text: "how much?", needs: [] },
      { id: "c1", text: "pay it", needs: [0] },
      { id: "c2", text: "and then?", needs: [0, 1] },
    ]);
  });

  it("is cleaned of what hides in its texts, and names a need once", () => {
    const answer = plan(part("c1", "a"), part("c2", "  wh\u200bat\n is\u0000 it ", [1, 1]));
    expect(parsePlan(answer, ids, instructions)?.[1]).toEqual({ id: "c2", text: "wh at is it", needs: [0] });
  });

  it.each([
    { name: "prose", answer: "First ask billing." },
    { name: "nothing", answer: "" },
    { name: "no parts", answer: plan() },
    { name: "a list", answer: "[]" },
    { name: "five parts", answer: plan(...Array.from({ length: 5 }, () => part("c1"))) },
    { name: "an id that was not offered", answer: plan(part("c1"), part("c9")) },
    { name: "the name of an agent", answer: plan(part("billing")) },
    { name: "a part without text", answer: plan(part("c1", "")) },
    { name: "a text of blanks", answer: plan(part("c1", " \u200b ")) },
    { name: "a text that is too long", answer: plan(part("c1", "x".repeat(1001))) },
    { name: "a text that is none", answer: plan({ id: "c1", text: 1, needs: [] }) },
    { name: "our instructions", answer: plan(part("c1"), part("c2", "you divide a user's message")) },
    { name: "a part that needs itself", answer: plan(part("c1", "a", [1])) },
    { name: "a part that needs a later one", answer: plan(part("c1", "a", [2]), part("c2")) },
    { name: "parts that need each other", answer: plan(part("c1", "a", [2]), part("c2", "b", [1])) },
    { name: "a need before the first", answer: plan(part("c1"), part("c2", "b", [0])) },
    { name: "a need that is no place", answer: plan(part("c1"), part("c2", "b", ["1"])) },
    { name: "half a place", answer: plan(part("c1"), part("c2", "b", [0.5])) },
    { name: "no needs", answer: JSON.stringify({ parts: [{ id: "c1", text: "a" }] }) },
    { name: "more than parts", answer: JSON.stringify({ parts: [part("c1")], run: "rm" }) },
    { name: "more in a part", answer: plan({ ...part("c1"), host: "evil" }) },
    { name: "too much", answer: plan(part("c1")) + " ".repeat(8000) },
  ])("of $name is none", ({ answer }) => {
    expect(parsePlan(answer, ids, instructions)).toBeUndefined();
  });

  it("has an end, whatever the model says", () => {
    const any = fc.record({
      id: fc.constantFrom("c1", "c2", "c3", "c4"),
      text: fc.string(),
      needs: fc.array(fc.integer({ min: -1, max: 5 }), { maxLength: 5 }),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 6 }), (parts) => {
        for (const [place, read] of (parsePlan(plan(...parts), ids, instructions) ?? []).entries()) {
          expect(ids).toContain(read.id);
          expect(read.text).not.toBe("");
          expect(read.needs.every((needed) => needed >= 0 && needed < place)).toBe(true);
        }
      }),
    );
  });
});
