/** What the Kotlin runtime's GraphQL service answers over plain HTTP, as it was recorded, and what ours answers. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type OperatedRuntime, startOperatedRuntime } from "../testing/operated-runtime.ts";
import { type RawAnswer, sendRaw } from "../testing/raw-request.ts";

const recorded = z
  .array(
    z.object({
      name: z.string(),
      method: z.string(),
      path: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.string().optional(),
      answer: z.object({ status: z.number(), type: z.string().nullable(), body: z.unknown().optional() }),
    }),
  )
  .parse(
    JSON.parse(readFileSync(new URL("../testdata/recorded-graphql-http.json", import.meta.url), "utf8")),
  );
type Exchange = (typeof recorded)[number];

/** What is answered otherwise: the row of docs/compatibility.md, and our status. */
const differences: readonly { readonly row: string; readonly names: RegExp; readonly status: number }[] = [
  {
    row: "GraphQL: texts of errors for values written into a document, for fields that conflict, several faults at one place",
    names: /^a subscription$/,
    status: 200,
  },
  { row: "`/graphiql`", names: /^GET \/graphiql/, status: 404 },
  {
    row: "GraphQL: introspection that asks for `fields` of a type more than once",
    names: /^introspection descriptions/,
    status: 200,
  },
  { row: "GraphQL: a document with more than 5 aliases", names: /^20 aliases/, status: 200 },
];
const differenceOf = ({ name }: Exchange) => differences.find(({ names }) => names.test(name));

let operated: OperatedRuntime;
beforeAll(async () => {
  operated = await startOperatedRuntime();
});
afterAll(() => operated[Symbol.asyncDispose]());

function send({ method, path, headers, body = "" }: Exchange): Promise<RawAnswer> {
  const { port } = new URL(operated.running.url);
  return sendRaw(Number(port), { method, path, headers, body: Buffer.from(body) });
}

/** Of what succeeds, all; of what does not, that it says why in the shape of all errors. */
function essence({ status, type, body }: RawAnswer, { answer }: Exchange): unknown {
  if (status !== 200) return { status };
  const given = { status, type: type?.split(";")[0] };
  return answer.body === undefined ? given : { ...given, body: JSON.parse(body) };
}

describe("a request is answered as by the Kotlin runtime:", () => {
  test.each(recorded.filter((exchange) => differenceOf(exchange) === undefined))(
    "$name",
    async (exchange) => {
      const { status, type, body } = exchange.answer;
      const given = { status, type, ...(body === undefined ? {} : { body }) };
      expect(essence(await send(exchange), exchange)).toEqual(status === 200 ? given : { status });
    },
  );
});

describe("a request is answered otherwise:", () => {
  test.each(recorded.filter((exchange) => differenceOf(exchange) !== undefined))(
    "$name",
    async (exchange) => {
      const answer = await send(exchange);
      expect(answer.status).toBe(differenceOf(exchange)?.status);
      const recordedBody = JSON.stringify(exchange.answer.body);
      expect([answer.status, answer.body]).not.toEqual([exchange.answer.status, recordedBody]);
    },
  );
});

describe("the table of differences", () => {
  const documented = readFileSync(new URL("../../../../docs/compatibility.md", import.meta.url), "utf8");

  test.each(differences)("has a row for, and names something by, $names", (difference) => {
    expect(documented).toContain(`\n| ${difference.row} |`);
    expect(recorded.some((exchange) => differenceOf(exchange) === difference)).toBe(true);
  });
});
