/**
 * Some 750 exchanges with the Kotlin runtime, replayed: the same status, media type and body, or what the table of
 * differences says, each with its row of docs/compatibility.md.
 */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OperatedRuntime, startOperatedRuntime } from "../testing/operated-runtime.ts";
import { type RawAnswer, sendRaw } from "../testing/raw-request.ts";
import { differenceOf, differences } from "../testing/recorded-differences.ts";
import {
  operatorAnswer,
  type RecordedExchange,
  recordedExchanges,
  requestOf,
} from "../testing/recorded-exchanges.ts";

let operated: OperatedRuntime;
beforeAll(async () => {
  operated = await startOperatedRuntime();
});
afterAll(() => operated[Symbol.asyncDispose]());

async function replay(exchange: RecordedExchange): Promise<RawAnswer> {
  const { agent, operator, running } = operated;
  const host = `127.0.0.1:${agent.port}`;
  operator.answerWith(operatorAnswer(exchange, host));
  const { port } = new URL(exchange.port === "mgmt" ? running.managementUrl : running.url);
  const answer = await sendRaw(Number(port), requestOf(exchange));
  operator.answerWith(undefined);
  return { ...answer, body: answer.body.replaceAll(host, "127.0.0.1:9901") };
}

/** What of an answer counts: of an error, its code, and its words where the original's tell nothing of its inside. */
function essence({ status, type, body }: RawAnswer, recorded: RecordedExchange["response"]): unknown {
  if (recorded.code === undefined) return { status, type, body: recorded.body === undefined ? "" : body };
  const { errorCode, message } = JSON.parse(body);
  return { status, type, code: errorCode, message: recorded.message === undefined ? undefined : message };
}

function expected({ status, type, body = "", code, message }: RecordedExchange["response"]): unknown {
  return code === undefined ? { status, type, body } : { status, type, code, message };
}

const isDifferent = (exchange: RecordedExchange): boolean => differenceOf(exchange) !== undefined;

describe("is answered as it was:", () => {
  test.each(recordedExchanges.filter((each) => !isDifferent(each)))("$name", async (exchange) => {
    expect(essence(await replay(exchange), exchange.response)).toEqual(expected(exchange.response));
  });
});

describe("is answered otherwise:", () => {
  test.each(recordedExchanges.filter(isDifferent))("$name", async (exchange) => {
    const { status, code, body } = differenceOf(exchange) ?? { status: 0 };
    const answer = await replay(exchange);
    expect(answer.status).toBe(status);
    if (code !== undefined) expect(JSON.parse(answer.body)).toMatchObject({ errorCode: code });
    if (body !== undefined) expect(answer.body).toBe(body);
  });
});

describe("the table of differences", () => {
  const documented = readFileSync(new URL("../../../../docs/compatibility.md", import.meta.url), "utf8");

  test.each([...new Set(differences.map(({ row }) => row))])("has a row for: %s", (row) => {
    expect(documented).toContain(`\n| ${row} |`);
  });

  test.each(differences)("names something by $names", (difference) => {
    expect(recordedExchanges.some((exchange) => differenceOf(exchange) === difference)).toBe(true);
  });
});
