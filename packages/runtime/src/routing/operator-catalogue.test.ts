/** What an operator's catalogue shows from before, while the operator is away. */
import { silentLogger } from "@lmos/primitives";
import { describe, expect, test } from "vitest";
import { createOperatorCatalogue } from "./operator-catalogue.ts";
import type { OperatorAnswer, OperatorClient, OperatorQuery } from "./operator-client.ts";

const { signal } = new AbortController();
const mebibyte = 1024 * 1024;
const away: OperatorAnswer = { kind: "failed", message: "away", reason: "test" };

/** An operator that answers as the test says, or is away. */
class ScriptedOperator implements OperatorClient {
  readonly asked: OperatorQuery[] = [];
  answer: (query: OperatorQuery) => OperatorAnswer = () => away;

  async get(query: OperatorQuery): Promise<OperatorAnswer> {
    this.asked.push(query);
    return this.answer(query);
  }

  async watch(): Promise<never> {
    throw new TypeError("a catalogue watches nothing");
  }
}

function found(body: unknown): OperatorAnswer {
  return { kind: "found", body, text: JSON.stringify(body), etag: undefined };
}

function channelOf(tenant: string, length = 0) {
  const labels = { tenant, channel: "web", subset: "stable" };
  const annotations = { padding: "x".repeat(length) };
  return {
    apiVersion: "lmos.eclipse/v1",
    kind: "Channel",
    metadata: { name: "web", namespace: "default", labels, annotations },
    spec: { requiredCapabilities: [] },
  };
}

const queryOf = (tenant: string) => ({ tenant, channel: "web", subset: undefined, namespace: undefined });

function start() {
  const operator = new ScriptedOperator();
  return { operator, catalogue: createOperatorCatalogue(operator, silentLogger) };
}

describe("while the operator is away", () => {
  test("its last answer to the same question stands", async () => {
    const { operator, catalogue } = start();
    operator.answer = () => found(channelOf("acme"));
    await catalogue.channel(queryOf("acme"), { signal });
    operator.answer = () => away;
    expect(await catalogue.channel(queryOf("acme"), { signal })).toMatchObject({
      kind: "found",
      value: { metadata: { labels: { tenant: "acme" } } },
    });
  });

  const others = [
    { name: "tenant", query: queryOf("other") },
    { name: "subset", query: { ...queryOf("acme"), subset: "canary" } },
    { name: "namespace", query: { ...queryOf("acme"), namespace: "other" } },
    { name: "channel", query: { ...queryOf("acme"), channel: "ivr" } },
  ];
  test.each(others)("nothing stands for a question of another $name", async ({ query }) => {
    const { operator, catalogue } = start();
    operator.answer = () => found(channelOf("acme"));
    await catalogue.channel(queryOf("acme"), { signal });
    operator.answer = () => away;
    expect(await catalogue.channel(query, { signal })).toMatchObject({ kind: "failed" });
  });

  test("answers are remembered up to 32 MiB in all, the latest ones", async () => {
    const { operator, catalogue } = start();
    operator.answer = ({ tenant }) => found(channelOf(tenant, 7 * mebibyte)); // 14 MiB in memory
    for (const tenant of ["one", "two", "three"]) await catalogue.channel(queryOf(tenant), { signal });
    operator.answer = () => away;
    const kinds = [];
    for (const tenant of ["one", "two", "three"])
      kinds.push((await catalogue.channel(queryOf(tenant), { signal })).kind);
    expect(kinds).toEqual(["failed", "found", "found"]);
  });

  test("a thousand small ones are, and no more", async () => {
    const { operator, catalogue } = start();
    operator.answer = ({ tenant }) => found(channelOf(tenant));
    for (let at = 0; at <= 1000; at++) await catalogue.channel(queryOf(`t${at}`), { signal });
    operator.answer = () => away;
    expect((await catalogue.channel(queryOf("t0"), { signal })).kind).toBe("failed");
    expect((await catalogue.channel(queryOf("t1"), { signal })).kind).toBe("found");
  });
});

test("an answer that is no channel is none, and the one before stands no more for it", async () => {
  const { operator, catalogue } = start();
  operator.answer = () => found(channelOf("acme"));
  await catalogue.channel(queryOf("acme"), { signal });
  operator.answer = () => found({ hello: 1 });
  expect(await catalogue.channel(queryOf("acme"), { signal })).toMatchObject({
    kind: "failed",
    failure: { message: "Invalid channel body" },
  });
});

test("what the operator does not know is missing, whatever it said before", async () => {
  const { operator, catalogue } = start();
  operator.answer = () => found(channelOf("acme"));
  await catalogue.channel(queryOf("acme"), { signal });
  operator.answer = () => ({ kind: "missing" });
  expect(await catalogue.channel(queryOf("acme"), { signal })).toEqual({ kind: "missing" });
});
