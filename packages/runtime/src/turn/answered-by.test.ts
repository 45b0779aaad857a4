import { describe, expect, it } from "vitest";
import { withAnsweringAgents } from "./answered-by.ts";

const user = (content: string) => ({ role: "user", content, format: "text" }) as const;
const answer = (content: string) => ({ role: "assistant", content, format: "text" }) as const;

describe("withAnsweringAgents", () => {
  it.each([
    { name: "of the runtime, which it remembers", messages: [answer("b")], isOwn: [true] },
    { name: "of an agent", messages: [answer("a")], isOwn: [undefined] },
    { name: "that nobody remembers", messages: [answer("z")], isOwn: [undefined] },
    { name: "that an agent gave after the runtime", messages: [answer("c")], isOwn: [undefined] },
    { name: "of a user who says the same", messages: [user("b")], isOwn: [undefined] },
  ])("knows whether it was itself that gave an answer $name", ({ messages, isOwn }) => {
    const remembered = [
      { role: "user", content: "z" },
      { role: "assistant", content: "a", agent: "x" },
      { role: "assistant", content: "b" },
      { role: "assistant", content: "c" },
      { role: "assistant", content: "c", agent: "x" },
    ] as const;
    const history = withAnsweringAgents(messages, remembered);
    expect(history.map((message) => message.isOwn)).toEqual(isOwn);
  });

  it.each([
    { name: "an answer that is remembered", messages: [answer("a")], agents: ["x"] },
    { name: "an answer that the runtime gave itself", messages: [answer("b")], agents: [undefined] },
    { name: "an answer that nobody remembers", messages: [answer("z")], agents: [undefined] },
    { name: "a user who repeats an answer", messages: [user("a")], agents: [undefined] },
    {
      name: "a long answer, of which the beginning is kept",
      messages: [answer("l".repeat(3000))],
      agents: ["y"],
    },
    { name: "an answer that two agents gave", messages: [answer("ok")], agents: ["y"] },
    { name: "none", messages: [], agents: [] },
  ])("knows who gave $name", ({ messages, agents }) => {
    const remembered = [
      { role: "user", content: "q" },
      { role: "assistant", content: "a", agent: "x" },
      { role: "assistant", content: "b" },
      { role: "assistant", content: "l".repeat(1000), agent: "y" },
      { role: "assistant", content: "ok", agent: "x" },
      { role: "assistant", content: "ok", agent: "y" },
    ] as const;
    const history = withAnsweringAgents(messages, remembered);
    expect(history.map(({ agent }) => agent)).toEqual(agents);
    expect(history.map(({ content }) => content)).toEqual(messages.map(({ content }) => content));
  });
});
