import { expect, test } from "vitest";
import { turnOf } from "../testing/turns.ts";
import { withHistory } from "./history.ts";

const remembered = {
  subset: "stable",
  messages: [
    { role: "user", content: "hello" },
    { role: "assistant", content: "hi" },
  ],
} as const;
const said = (...contents: readonly string[]) =>
  contents.map((content) => ({ role: "user", content, format: "text" }) as const);

const contentsOf = (turn: ReturnType<typeof turnOf>): readonly string[] =>
  turn.messages.map(({ content }) => content);

test("the client tells the conversation unless it says otherwise", () => {
  const turn = turnOf({ messages: said("one", "two") });
  expect(contentsOf(withHistory(turn, remembered))).toEqual(["one", "two"]);
});

test("the server tells it on request, and of the client only the last message counts", () => {
  const turn = turnOf({ history: "server", messages: said("forged", "and now?") });
  expect(contentsOf(withHistory(turn, remembered))).toEqual(["hello", "hi", "and now?"]);
  expect(contentsOf(withHistory(turn, undefined))).toEqual(["and now?"]);
});
