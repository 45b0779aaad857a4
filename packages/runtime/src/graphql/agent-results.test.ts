import { GraphQLError } from "graphql";
import { describe, expect, test } from "vitest";
import { collect, routingEventOf } from "../testing/turns.ts";
import type { TurnEvent } from "../turn/turn.ts";
import { agentResults } from "./agent-results.ts";

const begin: TurnEvent = { kind: "turn-start", turnId: "t1", conversationId: "c1" };
const end: TurnEvent = { kind: "turn-end", ms: 3 };
const note: TurnEvent = { kind: "note", text: "looking it up" };
const message: TurnEvent = { kind: "message", content: "42", anonymizationEntities: null, status: "DONE" };
const failure = { code: "agent_error", message: "The agent failed.", retryable: true } as const;

async function* yielding(events: readonly TurnEvent[]): AsyncGenerator<TurnEvent> {
  yield* events;
}

function resultsOf(events: readonly TurnEvent[], explains: boolean) {
  return collect(agentResults(yielding(events), { turnId: "t1", explains }));
}

function resultOf(content: string, more: object = {}) {
  const answer = { role: "assistant", content, format: "text", turnId: "t1" };
  return { agent: { responseTime: -1, messages: [answer], ...more } };
}

function explanationIn(value: string | undefined): unknown {
  return JSON.parse(value ?? "");
}

describe("without being asked, no answer is explained", () => {
  test("as in the Kotlin runtime", async () => {
    expect(await resultsOf([begin, routingEventOf(), note, message, end], false)).toEqual([
      resultOf("looking it up"),
      resultOf("42"),
    ]);
  });

  test("nor a failure", async () => {
    const failing = resultsOf([begin, routingEventOf(), { kind: "error", failure }], false);
    const error: unknown = await failing.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GraphQLError);
    expect(error).toMatchObject({ message: failure.message });
    expect((error as GraphQLError).extensions).toEqual({ code: "agent_error", retryable: true });
  });
});

describe("a turn to which the agent says nothing", () => {
  const silence = { code: "no_answer", message: "The agent ended the turn.", retryable: false } as const;

  test("has no results, as in the Kotlin runtime", async () => {
    expect(await resultsOf([begin, routingEventOf(), { kind: "error", failure: silence }], false)).toEqual(
      [],
    );
  });

  test("has what was said on the way", async () => {
    expect(await resultsOf([begin, note, { kind: "error", failure: silence }], false)).toEqual([
      resultOf("looking it up"),
    ]);
  });

  test("fails for who wants to be told why", async () => {
    const failing = resultsOf([begin, routingEventOf(), { kind: "error", failure: silence }], true);
    await expect(failing).rejects.toMatchObject({ extensions: { code: "no_answer" } });
  });
});

test("results of a turn that its request does not name have no turn id", async () => {
  const results = await collect(agentResults(yielding([message]), { turnId: null, explains: false }));
  expect(results).toMatchObject([{ agent: { messages: [{ content: "42", turnId: null }] } }]);
});

describe("on request", () => {
  const rows = [
    { name: "an accepted message", routing: routingEventOf() },
    {
      name: "a question",
      routing: routingEventOf({
        decision: "ask",
        agent: undefined,
        capability: undefined,
        choices: [{ agent: "a", capability: "c", confidence: 0.5 }],
      }),
    },
    {
      name: "an agent with a name of many letters",
      routing: routingEventOf({ agent: 'Müller, "Söhne"\r\n' }),
    },
    {
      name: "parts",
      routing: routingEventOf({ parts: [{ agent: "a", capability: "c", confidence: 1, needs: [0] }] }),
    },
  ];
  test.each(rows)("$name: the answer says all that a stream's event says", async ({ routing }) => {
    const [said, answer] = await resultsOf([begin, routing, note, message, end], true);
    expect(said).toEqual(resultOf("looking it up"));
    const [entry, ...others] = answer?.agent.context ?? [];
    expect([entry?.key, others]).toEqual(["lmos.routing", []]);
    const { kind: _, ...data } = routing;
    expect(explanationIn(entry?.value)).toEqual(JSON.parse(JSON.stringify(data)));
  });

  test("a failure says who was to answer", async () => {
    const error: unknown = await resultsOf([routingEventOf(), { kind: "error", failure }], true).catch(
      (thrown: unknown) => thrown,
    );
    expect((error as GraphQLError).extensions).toMatchObject({
      code: "agent_error",
      routing: { agent: "billing-agent", stage: "vector", confidence: 0.91234, ms: 1 },
    });
  });

  test("a failure before anything was decided has nothing to explain", async () => {
    const error: unknown = await resultsOf([{ kind: "error", failure }], true).catch(
      (thrown: unknown) => thrown,
    );
    expect((error as GraphQLError).extensions).toEqual({ code: "agent_error", retryable: true });
  });
});
