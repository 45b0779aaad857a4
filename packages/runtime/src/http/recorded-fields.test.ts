/**
 * Every field of a message with every kind of value, as the Kotlin runtime took or refused it: the same status, but where
 * docs/compatibility.md says otherwise.
 */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type OperatedRuntime, startOperatedRuntime } from "../testing/operated-runtime.ts";
import { postMessage } from "../testing/running-runtime.ts";

const recorded = z
  .record(z.string(), z.record(z.string(), z.number()))
  .parse(JSON.parse(readFileSync(new URL("../testdata/recorded-fields.json", import.meta.url), "utf8")));

const values: Readonly<Record<string, unknown>> = {
  ...{ missing: undefined, null: null, number: 5, decimal: 1.5, true: true, false: false, text: "x" },
  ...{ "empty text": "", "blank text": " ", list: [], "list of text": ["x"], "list of two": ["x", "y"] },
  ...{ object: {}, "list of object": [{}], "list of null": [null] },
};

/** A message in which every field has a value. */
function fullBody(): unknown {
  const binaryData = [{ mimeType: "image/png", dataAsBase64: "aGk=", source: "s" }];
  const message = { role: "user", content: "hello", format: "text", turnId: "m1", binaryData };
  const anonymizationEntities = [{ type: "A", value: "B", replacement: "C" }];
  return {
    inputContext: { messages: [message], explicitAgent: "agent-0", anonymizationEntities },
    systemContext: { channelId: "web", contextParams: [{ key: "k", value: "v" }] },
    userContext: { userId: "u1", userToken: "tok", contextParams: [{ key: "p", value: "q" }] },
  };
}

/** The message with that value in the field of that path; undefined takes the field out. */
function bodyWith(path: string, value: unknown): string {
  const body = fullBody();
  const names = path.split(".");
  const last = names.pop() ?? "";
  const parent = names.reduce<unknown>((part, name) => Reflect.get(Object(part), name), body);
  if (value === undefined) Reflect.deleteProperty(Object(parent), last);
  else Reflect.set(Object(parent), last, value);
  return JSON.stringify(body);
}

/** What is different on purpose: an unknown agent is 404, none may be named, roles are checked, a name is encoded. */
function expectedStatus(path: string, name: string, status: number): number {
  if (path.endsWith(".role")) return 400;
  if (status === 500) return 404;
  const namesNone = path === "inputContext.explicitAgent" && (name === "missing" || name === "null");
  return namesNone ? 200 : status;
}

const cases = Object.entries(recorded).flatMap(([path, statuses]) =>
  Object.entries(statuses).map(([name, status]) => ({
    path,
    name,
    status: expectedStatus(path, name, status),
  })),
);

let operated: OperatedRuntime;
beforeAll(async () => {
  operated = await startOperatedRuntime();
});
afterAll(() => operated[Symbol.asyncDispose]());

async function statusOf(path: string, name: string): Promise<number> {
  const answer = await postMessage(operated.running, bodyWith(path, values[name]));
  return answer.status;
}

test("there are all kinds of values for all 31 fields", () => {
  expect(Object.keys(recorded).length).toBe(31);
  for (const statuses of Object.values(recorded)) {
    expect(Object.keys(statuses).toSorted()).toEqual(Object.keys(values).toSorted());
  }
});

describe("is answered as it was:", () => {
  test.each(cases)("$path: $name is $status", async ({ path, name, status }) => {
    expect(await statusOf(path, name)).toBe(status);
  });
});
