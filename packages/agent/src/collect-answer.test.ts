import { describe, expect, it } from "vitest";
import { collectAnswer } from "./collect-answer.ts";
import { AgentError } from "./errors.ts";
import type { Answer, Reply } from "./reply.ts";

async function collect(answer: unknown, signal = new AbortController().signal) {
  const pieces: string[] = [];
  const reply = await collectAnswer(answer as Answer, {
    onDelta: async (text) => void pieces.push(text),
    signal,
  });
  return { reply, pieces };
}

async function refusalOf(answer: unknown): Promise<readonly [string, string]> {
  const error: unknown = await collect(answer).catch((thrown: unknown) => thrown);
  if (error instanceof AgentError) return [error.code, error.message];
  throw new TypeError("not refused", { cause: error });
}

async function* yielding(values: readonly unknown[], returned?: unknown): AsyncGenerator<unknown, unknown> {
  yield* values;
  return returned;
}

describe("an answer", () => {
  const rows: readonly {
    readonly name: string;
    readonly answer: unknown;
    readonly reply: Reply;
    readonly pieces?: readonly string[];
  }[] = [
    { name: "is a text", answer: "42", reply: { content: "42" } },
    { name: "is an empty text", answer: "", reply: { content: "" } },
    { name: "is promised", answer: Promise.resolve("42"), reply: { content: "42" } },
    {
      name: "has a status",
      answer: { content: "42", status: "DONE" },
      reply: { content: "42", status: "DONE" },
    },
    {
      name: "has members that nobody knows",
      answer: { content: "42", mood: "good" },
      reply: { content: "42" },
    },
    {
      name: "comes in pieces",
      answer: yielding(["4", "", "2"]),
      reply: { content: "42" },
      pieces: ["4", "2"],
    },
    {
      name: "says at its end how it went",
      answer: yielding(["42"], { content: "", format: "markdown" }),
      reply: { content: "42", format: "markdown" },
      pieces: ["42"],
    },
    {
      name: "is another one at its end",
      answer: yielding(["4", "1"], "42"),
      reply: { content: "42" },
      pieces: ["4", "1"],
    },
  ];
  it.each(rows)("$name", async ({ answer, reply, pieces = [] }) => {
    expect(await collect(answer)).toEqual({ reply, pieces });
  });
});

describe("what is no answer is refused, saying what to give back:", () => {
  const remedy = /; return a text, or \{ content, format\?, status\? \}$/;
  it.each([
    { name: "nothing", answer: undefined },
    { name: "null", answer: null },
    { name: "a number", answer: 42 },
    { name: "a list", answer: ["42"] },
    { name: "a message without content", answer: { text: "42" } },
    { name: "a content that is no text", answer: { content: 42 } },
    { name: "an endless status", answer: { content: "42", status: "x".repeat(257) } },
    { name: "a promise of nothing", answer: Promise.resolve() },
    { name: "a number at the end of pieces", answer: yielding(["4"], 42) },
  ])("$name", async ({ answer }) => {
    expect(await refusalOf(answer)).toEqual(["InvalidAnswer", expect.stringMatching(remedy)]);
  });

  it("a piece that is no text", async () => {
    expect(await refusalOf(yielding(["4", 2]))).toEqual([
      "InvalidAnswer",
      "respond yielded number: yield pieces of text",
    ]);
  });

  it.each([
    { name: "a long text", answer: "x".repeat(65_537) },
    { name: "many pieces", answer: yielding(Array.from({ length: 65 }, () => "x".repeat(1024))) },
  ])("$name", async ({ answer }) => {
    expect(await refusalOf(answer)).toEqual(["AnswerTooLong", "answer is longer than 65536 characters"]);
  });
});

it("a generator is ended when its answer is refused or its turn is over", async () => {
  const ended: string[] = [];
  async function* watched(name: string, value: unknown): AsyncGenerator<unknown> {
    try {
      for (;;) yield value;
    } finally {
      ended.push(name);
    }
  }
  await expect(collect(watched("refused", 7))).rejects.toThrow("respond yielded number");
  await expect(collect(watched("over", "x"), AbortSignal.abort(new Error("over")))).rejects.toThrow("over");
  expect(ended).toEqual(["refused", "over"]);
});
