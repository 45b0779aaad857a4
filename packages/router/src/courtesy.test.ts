import { describe, expect, it } from "vitest";
import { withoutCourtesy } from "./courtesy.ts";

describe("withoutCourtesy", () => {
  it.each([
    { name: "a greeting", text: "Hi there, my internet is down", expected: "my internet is down" },
    { name: "several", text: "hello! good morning team - please pay my bill", expected: "pay my bill" },
    { name: "thanks at the end", text: "pay my bill please, thank you!", expected: "pay my bill" },
    {
      name: "nothing in the middle",
      text: "say thank you to the team",
      expected: "say thank you to the team",
    },
    {
      name: "nothing of words that begin alike",
      text: "history of solar bills",
      expected: "history of solar bills",
    },
    { name: "a comma before thanks", text: "my bill is wrong, thanks", expected: "my bill is wrong" },
    { name: "nothing of a sentence", text: "there is no connection", expected: "there is no connection" },
    { name: "nothing of a mere greeting", text: "Hello, good morning!", expected: "Hello, good morning!" },
    { name: "nothing of nothing", text: "", expected: "" },
  ])("takes away $name", ({ text, expected }) => {
    expect(withoutCourtesy(text)).toBe(expected);
  });
});
