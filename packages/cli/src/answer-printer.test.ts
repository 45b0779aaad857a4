import { describe, expect, it } from "vitest";
import { AnswerPrinter } from "./answer-printer.ts";
import type { ChatEvent } from "./runtime-client.ts";

/** A printer, and all that is written, data and hints alike, in its order. */
function setUp({ interactive }: { readonly interactive: boolean }) {
  const written: string[] = [];
  const printer = new AnswerPrinter({
    print: (line) => void written.push(`${line}\n`),
    write: (text) => void written.push(text),
    hint: (line) => void written.push(`(${line})`),
    paint: (_color, text) => text,
    interactive,
  });
  return { printer, written };
}

function shown(events: readonly ChatEvent[], options: { readonly interactive: boolean }) {
  const { printer, written } = setUp(options);
  for (const event of events) printer.see(event);
  return { written: written.join(""), answer: printer.answer };
}

const event = (name: string, data: ChatEvent["data"]): ChatEvent => ({ event: name, data });
const pieces = [event("text-delta", { text: "You owe" }), event("text-delta", { text: " 7 €." })];
const message = event("message", { content: "You owe 7 €." });

describe("a person sees the answer as it comes", () => {
  it.each([
    { name: "in pieces, once", events: [...pieces, message], is: "You owe 7 €.\n" },
    { name: "whole where there were no pieces", events: [message], is: "You owe 7 €.\n" },
    {
      name: "and the message after them where it differs",
      events: [...pieces, event("message", { content: "Nothing." })],
      is: "You owe 7 €.\nNothing.\n",
    },
    {
      name: "and what comes between on a line of its own",
      events: [pieces[0], event("note", { text: "one moment" }), message].flatMap((one) => one ?? []),
      is: "You owe\n(one moment)You owe 7 €.\n",
    },
  ])("$name", ({ events, is }) => {
    expect(shown(events, { interactive: true })).toEqual({
      written: is,
      answer: events.at(-1)?.data["content"],
    });
  });
});

it("a file gets the message alone", () => {
  expect(shown([...pieces, message], { interactive: false }).written).toBe("You owe 7 €.\n");
});

describe("says beside it", () => {
  const part = { agent: "billing", capability: "explain", state: "started" };
  it.each([
    {
      name: "who answers",
      events: [
        event("routing", { decision: "accept", agent: "billing", capability: "explain", confidence: 0.914 }),
      ],
      is: "(accept · billing · explain 0.91)",
    },
    {
      name: "who answers the parts",
      events: [event("routing", { decision: "accept", parts: [{ agent: "billing" }, { agent: "weather" }] })],
      is: "(accept · billing + weather)",
    },
    {
      name: "that nobody does",
      events: [event("routing", { decision: "none", parts: [], confidence: 0 })],
      is: "(none 0.00)",
    },
    { name: "how far a part is", events: [event("part", part)], is: "(billing · explain started)" },
    {
      name: "who hands over to whom",
      events: [event("hand-over", { from: "billing", to: "contract" })],
      is: "(billing hands over to contract)",
    },
    { name: "nothing of what it does not know", events: [event("turn-end", { ms: 4 })], is: "" },
  ])("$name", ({ events, is }) => {
    expect(shown(events, { interactive: false })).toEqual({ written: is, answer: undefined });
  });
});

it("an error is thrown, and ends the line that has begun", () => {
  const failed = event("error", { code: "agent_interrupted", message: "The agent hung up." });
  const { printer, written } = setUp({ interactive: true });
  const show = (): void => {
    using shownUntilThen = printer;
    for (const each of [...pieces, failed]) shownUntilThen.see(each);
  };
  expect(show).toThrow("agent_interrupted: The agent hung up.");
  expect(written.join("")).toBe("You owe 7 €.\n");
});
