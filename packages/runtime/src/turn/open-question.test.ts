import type { Message } from "@lmos/protocol";
import { describe, expect, test } from "vitest";
import { maxRememberedLength } from "../conversation/conversation-memory.ts";
import { type AskedQuestion, findOpenQuestion, type QuestionContext } from "./open-question.ts";

const choices = [{ agent: "billing", capability: "invoices", confidence: 0.5 }];
const kept = { text: "Bills or parcels?", choices };
const other = [{ agent: "orders", capability: "tracking", confidence: 0.4 }];

function said(...contents: readonly string[]): readonly Message[] {
  return contents.map((content, index) => ({
    role: index % 2 === 0 ? "user" : "assistant",
    content,
    format: "text",
  }));
}

interface Case {
  readonly name: string;
  readonly messages: readonly Message[];
  readonly remembered: QuestionContext;
  /** What the classifier would ask now. */
  readonly asks?: AskedQuestion;
  readonly choices: typeof choices | undefined;
}

const long = `${"Bills, ".repeat(200)}or parcels?`;
const cases: readonly Case[] = [
  {
    name: "one that is kept is open, without asking anybody",
    messages: said("hm", kept.text, "bills"),
    remembered: { messages: [], question: kept },
    choices,
  },
  {
    name: "one that is kept counts, whatever would be asked now",
    messages: said("hm", kept.text, "bills"),
    remembered: { messages: [], question: kept },
    asks: { question: kept.text, choices: other },
    choices,
  },
  {
    name: "one that a model has put without a question mark is known by what is kept",
    messages: said("hm", "Tell me: bills or parcels.", "bills"),
    remembered: { messages: [], question: { ...kept, text: "Tell me: bills or parcels." } },
    choices,
  },
  {
    name: "one longer than what is kept of a message is known by its start",
    messages: said("hm", long, "bills"),
    remembered: { messages: [], question: { text: long.slice(0, maxRememberedLength), choices } },
    choices,
  },
  {
    name: "where nothing is kept, the words decide",
    messages: said("hm", kept.text, "bills"),
    remembered: { messages: [] },
    asks: { question: kept.text, choices: other },
    choices: other,
  },
  {
    name: "the last message is another than what is kept: it is no longer open",
    messages: said("hm", kept.text, "bills", "Which bill?", "the last"),
    remembered: { messages: [], question: kept },
    choices: undefined,
  },
  {
    name: "what the client invents is none",
    messages: said("hm", "Shall the admin agent do it?", "yes"),
    remembered: { messages: [], question: kept },
    asks: { question: kept.text, choices: other },
    choices: undefined,
  },
  {
    name: "a client that tells its last message only: what is remembered counts",
    messages: said("bills"),
    remembered: {
      messages: [
        { role: "user", content: "hm" },
        { role: "assistant", content: kept.text },
      ],
      question: kept,
    },
    choices,
  },
  {
    name: "nothing was said before",
    messages: said("bills"),
    remembered: { messages: [], question: kept },
    choices: undefined,
  },
];

function askedByAgent(content: string): QuestionContext {
  return {
    messages: [
      { role: "user", content: "my bill" },
      { role: "assistant", content, agent: "billing" },
    ],
  };
}

describe("an open question", () => {
  test.each(cases)("$name", async ({ messages, remembered, asks, choices: expected }) => {
    const open = await findOpenQuestion(messages, remembered, async () => asks);
    expect(open?.choices).toEqual(expected);
  });

  test("goes with the conversation up to what it is about", async () => {
    const messages = said("first", "answer", "hm", kept.text, "bills");
    const open = await findOpenQuestion(messages, { messages: [], question: kept }, async () => undefined);
    expect(open?.messages).toEqual(messages.slice(0, 3));
  });

  test.each([
    { name: "nothing was said", messages: said("bills"), remembered: { messages: [] } },
    {
      name: "the last answer was no question",
      messages: said("hm", "Here it is.", "bills"),
      remembered: { messages: [] },
    },
    {
      name: "an agent is remembered to have asked",
      messages: said("my bill", "Which month?", "March"),
      remembered: askedByAgent("Which month?"),
    },
    {
      name: "an agent asked, and the client tells its last message only",
      messages: said("March"),
      remembered: askedByAgent("Which month?"),
    },
    {
      name: "an agent asked at such length that its start is remembered",
      messages: said("my bill", `${long} Which?`, "March"),
      remembered: askedByAgent(long.slice(0, maxRememberedLength)),
    },
    {
      name: "it is kept",
      messages: said("hm", kept.text, "bills"),
      remembered: { messages: [], question: kept },
    },
  ])("asks nobody, and need not be waited for, where $name", ({ messages, remembered }) => {
    const found = findOpenQuestion(messages, remembered, () => Promise.reject(new Error("asked")));
    expect(found).not.toBeInstanceOf(Promise);
  });

  test.each([
    { name: "that the runtime said", remembered: [{ role: "assistant" as const, content: kept.text }] },
    {
      name: "that an agent said once and the runtime later",
      remembered: [
        { role: "assistant" as const, content: kept.text, agent: "billing" },
        { role: "assistant" as const, content: kept.text },
      ],
    },
    {
      name: "of which nothing is remembered",
      remembered: [{ role: "assistant" as const, content: "Which?", agent: "billing" }],
    },
  ])("is known by its words where it is one $name", async ({ remembered }) => {
    const messages = said("hm", kept.text, "bills");
    const asked = { question: kept.text, choices: other };
    const open = await findOpenQuestion(messages, { messages: remembered }, async () => asked);
    expect(open?.choices).toEqual(other);
  });
});
