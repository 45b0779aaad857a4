import type { Glance, RoutingDecision } from "@lmos/router";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type EarlierPart, findParts, type PieceContext } from "./find-parts.ts";

/** Decides by the first word of a text: which agent, and how sure. */
function scripted(decisions: Readonly<Record<string, readonly [agent: string, confidence: number]>>) {
  return async (text: string, _context?: PieceContext): Promise<RoutingDecision | undefined> => {
    const [agent, confidence] = decisions[text.split(" ")[0] ?? ""] ?? [];
    const explanation = {
      stage: "vector",
      margin: 1,
      marginThreshold: 0,
      energy: 1,
      energyThreshold: 0,
      coverage: 1,
      coverageThreshold: 0.5,
      matchedExamples: [],
    } as const;
    if (agent === undefined || confidence === undefined) {
      return { decision: "none", confidence: 0, alternatives: [], explanation };
    }
    const alternatives = [{ agent, capability: "c", confidence }];
    return { decision: "accept", agent, capability: "c", confidence, alternatives, explanation };
  };
}

const message = "invoice is wrong again. weather in Berlin tomorrow?";

describe("a message is divided", () => {
  test("where each part is clear and for another agent", async () => {
    const classify = scripted({ invoice: ["billing", 0.99], weather: ["weather", 0.97] });
    const parts = await findParts(message, { classify });
    expect(parts?.map(({ agent, text }) => [agent, text])).toEqual([
      ["billing", "invoice is wrong again."],
      ["weather", "weather in Berlin tomorrow?"],
    ]);
  });

  test.each([
    {
      name: "where one part is not certain",
      decisions: { invoice: ["billing", 0.99], weather: ["weather", 0.4] },
    },
    {
      name: "where all of it is for one agent",
      decisions: { invoice: ["billing", 0.99], weather: ["billing", 0.99] },
    },
    { name: "where it begins with what is for nobody", decisions: { weather: ["weather", 0.99] } },
  ] as const)("not $name", async ({ decisions }) => {
    expect(await findParts(message, { classify: scripted(decisions) })).toBeUndefined();
  });
});

describe("pieces are judged", () => {
  test.each([
    { name: "for how sure they must be", plan: undefined, least: [0.5, 0.5] },
    {
      name: "whatever they come to, where a model wants to know",
      plan: async () => undefined,
      least: [undefined, undefined],
    },
  ])("$name", async ({ plan, least }) => {
    const classify = scripted({ invoice: ["billing", 0.99], weather: ["weather", 0.99] });
    const asked: (number | undefined)[] = [];
    const recording: typeof classify = (text, context) => {
      asked.push(context?.leastConfidence);
      return classify(text);
    };
    await findParts(message, { classify: recording, plan });
    expect(asked).toEqual(least);
  });

  test.each([
    { name: "all, where the first one is clear", first: 0.99, judged: ["invoice", "weather"] },
    { name: "no further than a first one that is not", first: 0.4, judged: ["invoice"] },
  ])("$name", async ({ first, judged }) => {
    const classify = scripted({ invoice: ["billing", first], weather: ["weather", 0.99] });
    const asked: (string | undefined)[] = [];
    await findParts(message, {
      classify: (text) => {
        asked.push(text.split(" ")[0]);
        return classify(text);
      },
    });
    expect(asked).toEqual(judged);
  });
});

describe("of many pieces no more are judged than can matter", () => {
  const sure = {
    invoice: ["billing", 0.99],
    weather: ["weather", 0.99],
    order: ["orders", 0.99],
    parcel: ["orders", 0.8],
  } as const;

  test.each([
    {
      name: "all, where the first one is clear",
      said: "invoice is wrong again. weather in Berlin? order a coat now.",
      judged: ["invoice", "weather", "order"],
    },
    {
      name: "all, where the others are beyond doubt",
      said: "my story is long. weather in Berlin? order a coat now.",
      judged: ["my", "weather", "order"],
    },
    {
      name: "no further than a second one that is unclear as well",
      said: "my story is long. what a long story! order a coat now.",
      judged: ["my", "what"],
    },
    {
      name: "no further than a second one that is clear, but not beyond doubt after what is unclear",
      said: "my story is long. parcel came too late. order a coat now.",
      judged: ["my", "parcel"],
    },
    {
      name: "each of them once, where one in the middle is unclear",
      said: "invoice is wrong again. what a long story! order a coat now.",
      judged: ["invoice", "what", "order"],
    },
    {
      name: "none, where they are too many",
      said: "order a coat now. ".repeat(7),
      judged: [],
    },
  ])("$name", async ({ said, judged }) => {
    const classify = scripted(sure);
    const asked: (string | undefined)[] = [];
    await findParts(said, {
      classify: (text) => {
        asked.push(text.split(" ")[0]);
        return classify(text);
      },
    });
    expect(asked).toEqual(judged);
  });
});

describe("a glance", () => {
  type Scripts = Readonly<Record<string, readonly [agent: string, confidence: number]>>;
  const sure: Scripts = { invoice: ["billing", 0.99], weather: ["weather", 0.99], parcel: ["billing", 0.8] };

  /** Sees what the script says, and perhaps what is for nobody in earnest. */
  function glancing(decisions: Scripts, seen: Scripts = decisions) {
    const judged: string[] = [];
    const glanced: string[] = [];
    const classify = (text: string, context: PieceContext) => {
      judged.push(text.split(" ")[0] ?? "");
      return scripted(decisions)(text, context);
    };
    const glance = (text: string): Glance => {
      const word = text.split(" ")[0] ?? "";
      glanced.push(word);
      const [agent, confidence] = seen[word] ?? [];
      if (agent === undefined || confidence === undefined) return { kind: "nobody" };
      return { kind: "perhaps", agent, confidence };
    };
    return { judged, glanced, finders: { classify, glance } };
  }

  test.each([
    { name: "for two agents", said: message, glanced: ["invoice", "weather"], isJudged: true },
    {
      name: "for one agent",
      said: "invoice is wrong again. parcel came too late.",
      glanced: ["invoice", "parcel"],
      isJudged: false,
    },
    {
      name: "that begin unclear",
      said: "what is it again. weather in Berlin tomorrow?",
      glanced: ["what"],
      isJudged: false,
    },
    {
      name: "that begin unclear and go on in doubt",
      said: "what is it again. parcel came too late. weather in Berlin?",
      glanced: ["what", "parcel"],
      isJudged: false,
    },
    {
      name: "that begin unclear and go on beyond doubt",
      said: "what is it again. invoice is wrong again. weather in Berlin?",
      glanced: ["what", "invoice", "weather"],
      isJudged: true,
    },
  ])("at pieces $name tells whether they are judged", async ({ said, glanced, isJudged }) => {
    const { finders, ...asked } = glancing(sure);
    await findParts(said, finders);
    expect(asked.glanced).toEqual(glanced);
    expect(asked.judged.length > 0).toBe(isJudged);
  });

  test("is not taken where a model plans", async () => {
    const { finders, glanced } = glancing(sure);
    await findParts(message, { ...finders, plan: async () => undefined });
    expect(glanced).toEqual([]);
  });

  test("that sees nothing leaves it to the judgement", async () => {
    const { finders, judged } = glancing(sure);
    const parts = await findParts(message, { ...finders, glance: async () => ({ kind: "unknown" }) });
    expect(parts).toHaveLength(2);
    expect(judged).toEqual(["invoice", "weather"]);
  });

  test("changes nothing of what is found", async () => {
    const words = ["invoice", "weather", "parcel", "order"] as const;
    const confidence = fc.constantFrom(0, 0.4, 0.5, 0.8, 0.95, 0.99);
    const decision = fc.tuple(fc.constantFrom("billing", "weather", "orders"), confidence);
    const decisions = fc.record(Object.fromEntries(words.map((word) => [word, decision])));
    const said = fc.array(fc.tuple(fc.constantFrom(...words), fc.constantFrom("?", ".")), {
      minLength: 2,
      maxLength: 6,
    });
    const whom = fc.option(fc.constantFrom("billing", "orders"), { nil: undefined });
    const unconfirmed = fc.subarray([...words]);
    await fc.assert(
      fc.asyncProperty(said, decisions, whom, unconfirmed, async (pieces, seen, holder, none) => {
        const text = pieces.map(([word, mark]) => `${word} is what it is${mark}`).join(" ");
        const earnest = Object.fromEntries(
          Object.entries(seen).filter(([word]) => !none.some((each) => each === word)),
        );
        const { classify, glance } = glancing(earnest, seen).finders;
        const goOn = holder && (async () => scripted({ x: [holder, 0.9] })("x"));
        expect(await findParts(text, { classify, glance, goOn })).toEqual(
          await findParts(text, { classify, goOn }),
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe("a part that is clear, but not beyond doubt", () => {
  const invoice = "invoice is wrong again.";

  /** The weather alone, and after the part before it. */
  function classifyAfter(alone: readonly [string, number], after: readonly [string, number] | undefined) {
    const asked: (EarlierPart | undefined)[] = [];
    const classify = (text: string, context: PieceContext) => {
      if (text.startsWith("weather")) asked.push(context.after);
      const weather = context.after === undefined ? alone : after;
      return scripted({ invoice: ["billing", 0.9], ...(weather && { weather }) })(text);
    };
    return { classify, asked };
  }

  test.each([
    { name: "turns away", after: ["weather", 0.7], parts: ["billing", "weather"] },
    { name: "hardly turns away", after: ["weather", 0.69], parts: undefined },
    { name: "goes on", after: ["billing", 0.9], parts: undefined },
    { name: "goes somewhere else", after: ["orders", 0.9], parts: undefined },
    { name: "is for nobody", after: undefined, parts: undefined },
  ] as const)("is one where it $name, read after the one before", async ({ after, parts }) => {
    const { classify, asked } = classifyAfter(["weather", 0.99], after);
    const found = await findParts(message, { classify });
    expect(found?.map(({ agent }) => agent)).toEqual(parts);
    expect(asked).toEqual([undefined, { text: invoice, agent: "billing" }]);
  });

  test.each([
    { name: "turns away, too", invoice: ["billing", 0.7], parts: ["billing", "weather"] },
    { name: "hardly does", invoice: ["billing", 0.69], parts: undefined },
    { name: "is a story that leads to it", invoice: ["weather", 0.9], parts: undefined },
    { name: "is for nobody there", invoice: undefined, parts: undefined },
  ] as const)("is one where the one before, read after it, $name", async ({ invoice: after, parts }) => {
    const asked: (EarlierPart | undefined)[] = [];
    const classify = (text: string, context: PieceContext) => {
      if (text.startsWith("invoice")) asked.push(context.after);
      const read = context.after === undefined ? (["billing", 0.9] as const) : after;
      return scripted({ weather: ["weather", 0.8], ...(read && { invoice: read }) })(text);
    };
    const found = await findParts(message, { classify });
    expect(found?.map(({ agent }) => agent)).toEqual(parts);
    expect(asked).toEqual([undefined, { text: "weather in Berlin tomorrow?", agent: "weather" }]);
  });

  test.each([
    { announcement: "By the way,", agent: "weather", parts: ["billing", "weather"] },
    { announcement: "Apart from that:", agent: "weather", parts: ["billing", "weather"] },
    { announcement: "Übrigens,", agent: "weather", parts: ["billing", "weather"] },
    { announcement: "Second question:", agent: "billing", parts: undefined },
    { announcement: "Nevertheless", agent: "weather", parts: undefined },
  ])("is one where it says so, without being read again: “$announcement”", async (row) => {
    const read: (EarlierPart | undefined)[] = [];
    const byFirstWord = scripted({ invoice: ["billing", 0.9], weather: [row.agent, 0.6] });
    const classify: typeof byFirstWord = async (text, context) => {
      read.push(context?.after);
      return context?.after === undefined ? byFirstWord(text) : undefined;
    };
    const said = `invoice is wrong again. ${row.announcement} weather in Berlin tomorrow?`;
    const parts = await findParts(said, { classify });
    expect(parts?.map(({ agent }) => agent)).toEqual(row.parts);
    expect(read.filter((after) => after !== undefined)).toEqual([]);
  });

  test("is one after a question, whatever that would lead to", async () => {
    const classify = async (text: string, context: PieceContext) =>
      scripted({
        weather: ["weather", 0.8],
        ...(context.after === undefined && { invoice: ["billing", 0.9] }),
      })(text);
    const found = await findParts("invoice is wrong again? weather in Berlin tomorrow?", { classify });
    expect(found?.map(({ agent }) => agent)).toEqual(["billing", "weather"]);
  });

  test("is not read again where it is for the same agent", async () => {
    const { classify, asked } = classifyAfter(["billing", 0.6], ["weather", 0.9]);
    expect(await findParts(message, { classify })).toBeUndefined();
    expect(asked).toEqual([undefined]);
  });

  test("is read after all that belongs to the one before", async () => {
    const { classify, asked } = classifyAfter(["weather", 0.8], ["weather", 0.8]);
    await findParts(`${invoice} hello to you all. weather in Berlin?`, { classify });
    expect(asked.at(-1)?.text).toBe(`${invoice} hello to you all.`);
  });
});

describe("a message that begins with something unclear", () => {
  const text = "I have two questions. invoice is wrong again. weather in Berlin?";

  test.each([
    { name: "is divided where all else is beyond doubt", weather: 0.95, agents: ["billing", "weather"] },
    { name: "is not where something else is in doubt", weather: 0.94, agents: undefined },
  ])("$name", async ({ weather, agents }) => {
    const classify = scripted({ invoice: ["billing", 0.99], weather: ["weather", weather] });
    const parts = await findParts(text, { classify });
    expect(parts?.map(({ agent }) => agent)).toEqual(agents);
    if (agents !== undefined) expect(parts?.[0]?.text).toBe("I have two questions. invoice is wrong again.");
  });

  test("for long is a story", async () => {
    const asked: string[] = [];
    const classify = scripted({ invoice: ["billing", 0.99], weather: ["weather", 0.99] });
    const parts = await findParts(`I have had it now. ${text}`, {
      classify: (piece) => {
        asked.push(piece);
        return classify(piece);
      },
    });
    expect(parts).toBeUndefined();
    expect(asked).toHaveLength(2);
  });
});

describe("a first question that is unclear by itself", () => {
  const classify = scripted({ invoice: ["billing", 0.99], weather: ["weather", 0.99] });
  const toOrders = scripted({ on: ["orders", 0.9] });

  test.each([
    {
      name: "goes on with the conversation",
      text: "And on Sunday? invoice is wrong",
      goOn: toOrders,
      agents: ["orders", "billing"],
    },
    {
      name: "is a question of its own without one",
      text: "And on Sunday? invoice is wrong",
      goOn: undefined,
      agents: undefined,
    },
    {
      name: "does not where it is for nobody there",
      text: "And today? invoice is wrong",
      goOn: toOrders,
      agents: undefined,
    },
    {
      name: "does not where it does not ask",
      text: "On Sunday then. invoice is wrong",
      goOn: toOrders,
      agents: undefined,
    },
    {
      name: "is alone where nothing else is asked",
      text: "And on Sunday?",
      goOn: toOrders,
      agents: undefined,
    },
  ])("$name", async ({ text, goOn, agents }) => {
    const parts = await findParts(text, { classify, goOn });
    expect(parts?.map(({ agent }) => agent)).toEqual(agents);
  });

  test("is not read in its conversation where it is clear, nor where a model plans", async () => {
    const asked: string[] = [];
    const goOn = async (text: string) => {
      asked.push(text);
      return undefined;
    };
    await findParts("invoice is wrong? weather in Berlin?", { classify, goOn });
    await findParts("on Sunday? weather in Berlin?", { classify, goOn, plan: async () => undefined });
    expect(asked).toEqual([]);
  });
});

describe("a part that refers to the one before", () => {
  const classify = scripted({
    invoice: ["billing", 0.99],
    weather: ["weather", 0.97],
    order: ["orders", 0.99],
  });

  test.each([
    { name: "needs its answer", text: "invoice is wrong. If so, weather in Berlin?", needs: [[], [0]] },
    {
      name: "needs no other's",
      text: "invoice is wrong. Weather now? Then order a coat",
      needs: [[], [], [1]],
    },
    { name: "does not where it stands alone", text: "invoice is wrong. weather in Berlin?", needs: [[], []] },
  ])("$name", async ({ text, needs }) => {
    const lower = (content: string) => classify(content.toLowerCase());
    const parts = await findParts(text, { classify: lower });
    expect(parts?.map((part) => part.needs)).toEqual(needs);
  });

  test("keeps the words that say so", async () => {
    const parts = await findParts("invoice is wrong. If so, weather in Berlin?", { classify });
    expect(parts?.[1]?.text).toBe("If so, weather in Berlin?");
  });
});

describe("a model's plan", () => {
  const classify = scripted({ invoice: ["billing", 0.99], weather: ["weather", 0.6] });
  const planned = (agent: string, needs: readonly number[] = []) => ({
    agent,
    capability: "c",
    confidence: 0.5,
    text: `for ${agent}`,
    needs,
  });

  test.each([
    { name: "divides what the pieces leave unclear", plan: [planned("billing"), planned("weather", [0])] },
    {
      name: "may come back to an agent",
      plan: [planned("billing"), planned("weather", [0]), planned("billing", [1])],
    },
  ])("$name", async ({ plan }) => {
    expect(await findParts(message, { classify, plan: async () => plan })).toEqual(plan);
  });

  test.each([
    { name: "of one part means one question", plan: [planned("billing")] },
    { name: "of no parts means one question", plan: [] },
    { name: "of too many parts is none", plan: Array.from({ length: 5 }, () => planned("billing")) },
  ])("$name", async ({ plan }) => {
    const sure = scripted({ invoice: ["billing", 0.99], weather: ["weather", 0.99] });
    expect(await findParts(message, { classify: sure, plan: async () => plan })).toBeUndefined();
  });

  test("that there is not leaves it to the pieces", async () => {
    const sure = scripted({ invoice: ["billing", 0.99], weather: ["weather", 0.99] });
    const parts = await findParts(message, { classify: sure, plan: async () => undefined });
    expect(parts?.map(({ agent }) => agent)).toEqual(["billing", "weather"]);
  });

  test.each([
    { name: "one piece", text: "invoice is wrong" },
    { name: "pieces for one agent", text: "invoice is wrong again. invoice of March please." },
    { name: "pieces of which one is for nobody", text: "invoice is wrong again. hello to you all." },
  ])("is not asked for about $name", async ({ text }) => {
    let asked = 0;
    const plan = async () => {
      asked += 1;
      return undefined;
    };
    await findParts(text, { classify, plan });
    expect(asked).toBe(0);
  });
});
