/**
 * What language models may answer over HTTP, as the Kotlin runtime's older router and its classifier read it: one that either
 * of them reads is read here, and no other, but for what docs/compatibility.md says.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { FakeClock, SeededRandom } from "@lmos/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, doubtful, embedding, index } from "../testing/doubtful-message.ts";
import {
  type RecordedModelAnswer,
  recordedModelAnswers,
  sendAnswer,
} from "../testing/recorded-model-answers.ts";
import { createHybridClassifier } from "./hybrid-classifier.ts";
import { createOpenAiChatModel } from "./openai-chat-model.ts";

const { signal } = new AbortController();

/** Differences by row of docs/compatibility.md. */
const differences: readonly { readonly row: string; readonly names: RegExp; readonly isRead: boolean }[] = [
  {
    row: "a language model fails once or twice",
    names: /^status (?!401|409)\d+ (once|twice)|^cut (once|in the body once)$/,
    isRead: false,
  },
  {
    row: "a language model's choice has further members, names without quotes, or more than 1,000 characters",
    names: /^content: (further members|without quotes|long)$/,
    isRead: false,
  },
  {
    row: "there is something behind the JSON of a language model's answer",
    names: /^(text after JSON|JSON twice)$/,
    isRead: false,
  },
  {
    row: "a language model's answer has two choices, `created` that is no number, gzip, or a wrong charset",
    names: /^(two choices|created a text|gzip|type utf-16 said)$/,
    isRead: true,
  },
  {
    row: "a language model's answer in a fence that is not said to be JSON",
    names: /^content: fence( JSON)?$/,
    isRead: true,
  },
];

const differenceOf = ({ name }: RecordedModelAnswer) => differences.find(({ names }) => names.test(name));
const isRead = (answer: RecordedModelAnswer): boolean =>
  differenceOf(answer)?.isRead ?? (answer.router.read || answer.classifier.read);

let current: RecordedModelAnswer | undefined;
const server = createServer(async (request, response) => {
  const asked: unknown = JSON.parse((await request.setEncoding("utf8").toArray()).join(""));
  const [offered] = /c\d+/.exec(JSON.stringify(asked)) ?? [""];
  if (current !== undefined) sendAnswer(current, offered, response);
});
beforeAll(async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** `llm` where the model's choice was taken; else that of the vectors. */
async function stageOf(answer: RecordedModelAnswer): Promise<string> {
  current = answer;
  const { port } = server.address() as AddressInfo;
  const model = createOpenAiChatModel({ baseUrl: `http://127.0.0.1:${port}/v1`, model: "stub" });
  const options = { index, embedding, model, clock: new FakeClock(), random: new SeededRandom(1) };
  const decision = await createHybridClassifier(options).classify(ask(doubtful), { signal });
  const { stage, modelFailure } = decision.explanation;
  expect(modelFailure === undefined).toBe(stage === "llm");
  return stage;
}

describe("an answer is read", () => {
  it.each(recordedModelAnswers.filter(isRead))("$name", async (answer) => {
    expect(await stageOf(answer)).toBe("llm");
  });
});

describe("for an answer the vectors decide", () => {
  it.each(recordedModelAnswers.filter((answer) => !isRead(answer)))("$name", async (answer) => {
    expect(await stageOf(answer)).not.toBe("llm");
  });
});

describe("the table of differences", () => {
  const documented = readFileSync(new URL("../../../../docs/compatibility.md", import.meta.url), "utf8");

  it.each(differences)("has a row for, and names something: $row", ({ row, names, isRead: expected }) => {
    expect(documented).toContain(`\n| ${row} |`);
    const named = recordedModelAnswers.filter((answer) => differenceOf(answer)?.names === names);
    expect(named.length).toBeGreaterThan(0);
    for (const { router, classifier } of named) expect(router.read || classifier.read).toBe(!expected);
  });
});
