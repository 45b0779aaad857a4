import { type LogFields, silentLogger } from "@lmos/primitives";
import type { Classifier, ClassifyRequest, ModelFailure, PlannedPart, RoutingDecision } from "@lmos/router";
import { describe, expect, test } from "vitest";
import { decided, snapshotOf } from "../testing/snapshots.ts";
import { turnOf } from "../testing/turns.ts";
import { createDecider } from "./decide.ts";

const none = decided({ decision: "none", confidence: 0 });
const { signal } = new AbortController();
const say = (content: string) => [{ role: "user", content, format: "text" }] as const;

/** What was asked, and a classifier that answers by the number of the question, from 1. */
function setUp(answer: (number: number) => Promise<RoutingDecision>, given: AbortSignal = signal) {
  const asked: ClassifyRequest[] = [];
  const warnings: string[] = [];
  const classifier: Classifier = {
    classify: (request) => {
      asked.push(request);
      return answer(asked.length);
    },
  };
  const fields: (LogFields | undefined)[] = [];
  const warn = (message: string, told?: LogFields): void => {
    warnings.push(message);
    fields.push(told);
  };
  const logger = { ...silentLogger, warn };
  const snapshot = snapshotOf({ agents: [], classifier });
  const context = { snapshot, remembered: [], services: { logger }, signal: given };
  return { ...createDecider(turnOf(), context), asked, warnings, fields };
}

const withFailure = (modelFailure: ModelFailure): RoutingDecision => ({
  ...none,
  explanation: { ...none.explanation, modelFailure },
});

describe("a turn's questions to its classifier", () => {
  test("are its user's last message, after those before it", async () => {
    const { classify, asked } = setUp(async () => none);
    const before = [...say("one"), { role: "assistant", content: "two", format: "text" }] as const;
    expect(await classify([...before, ...say("three")])).toBe(none);
    expect(asked).toEqual([
      {
        message: "three",
        history: [
          { role: "user", content: "one" },
          { role: "assistant", content: "two" },
        ],
      },
    ]);
  });

  test.each([
    { name: "alone", after: undefined, history: [] },
    {
      name: "after the part before it",
      after: { text: "my bill is wrong", agent: "billing" },
      history: [
        { role: "user", content: "my bill is wrong" },
        { role: "assistant", content: "", agent: "billing" },
      ],
    },
  ])("about a piece of a message are asked $name, and of no model", async ({ after, history }) => {
    const { classifyPiece, asked } = setUp(async () => none);
    expect(await classifyPiece("rain?", { leastConfidence: 0.5, after })).toBe(none);
    expect(asked).toEqual([{ message: "rain?", history, withoutModel: true, leastConfidence: 0.5 }]);
  });

  test("about a piece end where there is no classifier", async () => {
    const snapshot = snapshotOf({ agents: [], classifier: undefined });
    const context = { snapshot, remembered: [], services: { logger: silentLogger }, signal };
    expect(await createDecider(turnOf(), context).classifyPiece("rain?", {})).toBeUndefined();
  });

  test("end with the first that fails: it is told once, and not waited for again", async () => {
    const { classify, asked, warnings } = setUp(() => Promise.reject(new Error("away")));
    expect([await classify(say("a")), await classify(say("b"))]).toEqual([undefined, undefined]);
    expect(asked).toHaveLength(1);
    expect(warnings).toEqual(["A message cannot be classified, its user gets a question"]);
  });

  test("S13 are not told with what the failure says of them", async () => {
    const { classify, fields } = setUp(() => Promise.reject(new TypeError("cannot read canary")));
    await classify(say("canary"));
    expect(fields).toMatchObject([{ error: "TypeError" }]);
    expect(JSON.stringify(fields)).not.toContain("canary");
  });

  test.each<{ readonly failure: ModelFailure; readonly leftOut: boolean }>([
    { failure: "timeout", leftOut: true },
    { failure: "unavailable", leftOut: true },
    { failure: "resting", leftOut: false },
    { failure: "over-budget", leftOut: false },
    { failure: "invalid-answer", leftOut: false },
  ])("after a model's $failure leave the model out: $leftOut", async ({ failure, leftOut }) => {
    const { classify, asked } = setUp(async () => withFailure(failure));
    await classify(say("a"));
    await classify(say("b"));
    expect(asked.map(({ withoutModel }) => withoutModel)).toEqual([undefined, leftOut ? true : undefined]);
  });

  test("leave the model out where that is asked for", async () => {
    const { classify, asked } = setUp(async () => none);
    await classify(say("a"), { withoutModel: true });
    await classify(say("b"));
    expect(asked.map(({ withoutModel }) => withoutModel)).toEqual([true, undefined]);
  });

  test("are none without a classifier", async () => {
    const snapshot = snapshotOf({ agents: [], classifier: undefined });
    const services = { logger: silentLogger };
    const { classify, plan } = createDecider(turnOf(), { snapshot, remembered: [], services, signal });
    expect(await classify(say("a"))).toBeUndefined();
    expect(plan).toBeUndefined();
  });

  test("end with the turn", async () => {
    const client = new AbortController();
    const { classify, warnings } = setUp(() => Promise.reject(new Error("away")), client.signal);
    client.abort(new Error("gone"));
    await expect(classify(say("a"))).rejects.toThrow("gone");
    expect(warnings).toEqual([]);
  });
});

describe("a glance", () => {
  const perhaps = { kind: "perhaps", agent: "billing", confidence: 0.9 } as const;
  const unseen = { kind: "unknown" } as const;

  function glancing(glance: Classifier["glance"], classify: Classifier["classify"] = async () => none) {
    const snapshot = snapshotOf({ agents: [], classifier: { classify, ...(glance && { glance }) } });
    return createDecider(turnOf(), { snapshot, remembered: [], services: { logger: silentLogger }, signal });
  }

  test.each([
    { name: "is the classifier's", glance: () => perhaps, seen: perhaps },
    { name: "is waited for", glance: async () => perhaps, seen: perhaps },
    { name: "that fails sees nothing", glance: () => Promise.reject(new Error("away")), seen: unseen },
    {
      name: "that fails at once sees nothing",
      glance: () => {
        throw new Error("away");
      },
      seen: unseen,
    },
  ])("$name", async ({ glance, seen }) => {
    expect(await glancing(glance).glance?.("rain?")).toEqual(seen);
  });

  test("is not there where the classifier has none", () => {
    expect(glancing(undefined).glance).toBeUndefined();
  });

  test("sees nothing once the classifier has failed", async () => {
    const broken = glancing(
      () => perhaps,
      () => Promise.reject(new Error("away")),
    );
    await broken.classify(say("a"));
    expect(await broken.glance?.("rain?")).toEqual(unseen);
  });
});

describe("a plan", () => {
  const request = { message: "a and b", history: [], pieces: ["a", "b"] };
  const part: PlannedPart = { agent: "x", capability: "c", confidence: 1, text: "a", needs: [] };

  function planning(plan: NonNullable<Classifier["plan"]>) {
    const asked: ClassifyRequest[] = [];
    const classify: Classifier["classify"] = async (each) => {
      asked.push(each);
      return none;
    };
    const snapshot = snapshotOf({ agents: [], classifier: { classify, plan } });
    const context = { snapshot, remembered: [], services: { logger: silentLogger }, signal };
    return { ...createDecider(turnOf(), context), asked };
  }

  test("is the classifier's", async () => {
    const { plan, classify, asked } = planning(async () => [part]);
    expect(await plan?.(request)).toEqual([part]);
    await classify(say("a"));
    expect(asked[0]?.withoutModel).toBeUndefined();
  });

  test.each([
    { name: "is none", plan: async () => undefined },
    { name: "fails", plan: () => Promise.reject(new Error("away")) },
  ])("that $name leaves the model out of what is asked later", async ({ plan: answer }) => {
    const { plan, classify, asked } = planning(answer);
    expect(await plan?.(request)).toBeUndefined();
    await classify(say("a"));
    expect(asked[0]?.withoutModel).toBe(true);
  });

  test("is not there where the classifier makes none", () => {
    expect(setUp(async () => none).plan).toBeUndefined();
  });
});
