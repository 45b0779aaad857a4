import { expect, it } from "vitest";
import { fitExamples } from "./examples.ts";

it("keeps all examples that fit", () => {
  expect(fitExamples([["a", "b"], []])).toEqual([["a", "b"], []]);
});

it("keeps the first examples of each capability, as many for one as for the other", () => {
  const text = "x".repeat(10);
  const many = Array.from({ length: 9 }, () => text);
  expect(fitExamples([many, many, [text]], 13 * 5)).toEqual([[text, text], [text, text], [text]]);
});

it("keeps none where not even one of each fits", () => {
  expect(fitExamples([["x".repeat(300_000)], ["short"]])).toEqual([[], []]);
});

it("counts the bytes of the JSON text, not its characters", () => {
  expect(fitExamples([["ä"]], 5)).toEqual([["ä"]]);
  expect(fitExamples([["ä"]], 4)).toEqual([[]]);
});
