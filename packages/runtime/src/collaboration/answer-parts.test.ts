import { describe, expect, test } from "vitest";
import type { RuntimeLimits } from "../limits.ts";
import { agents, type ScriptedAnswer, scriptedWork } from "../testing/scripted-work.ts";
import { collect, kindsOf, turnOf } from "../testing/turns.ts";
import type { Turn, TurnEvent } from "../turn/turn.ts";
import { answerParts } from "./answer-parts.ts";

/** Parts for a, b, c, …; `needs` says for each whose answers it needs. */
function setUp(
  needs: readonly (readonly number[])[],
  scripts: Readonly<Record<string, ScriptedAnswer>>,
  { turn = turnOf(), ...limits }: Partial<RuntimeLimits> & { readonly turn?: Turn } = {},
) {
  const { work, ...rest } = scriptedWork(scripts, limits);
  const parts = agents
    .slice(0, needs.length)
    .map((agent, place) => ({ agent, capability: "c", text: `part ${place}`, needs: needs[place] ?? [] }));
  return { ...rest, answer: (signal = work.signal) => answerParts(parts, { ...work, turn, signal }) };
}

/** `a started`, `a answered`, … in the order in which it happened. */
function progress(events: readonly TurnEvent[]): readonly string[] {
  return events.flatMap((event) => (event.kind === "part" ? `${event.agent} ${event.state}` : []));
}

const texts = ({
  request,
}: {
  readonly request: { readonly messages: readonly { readonly content: string }[] };
}) => request.messages.map(({ content }) => content);

describe("parts that stand alone", () => {
  test("are asked at once and answered in their order, each with its source", async () => {
    const { answer, asked } = setUp([[], []], { a: { content: "A." }, b: { content: "B." } });
    const events = await collect(answer());
    expect(progress(events).slice(0, 2)).toEqual(["a started", "b started"]);
    expect(new Set(progress(events))).toEqual(
      new Set(["a started", "b started", "a answered", "b answered"]),
    );
    expect(events.at(-1)).toMatchObject({ content: "A. (a)\n\nB. (b)" });
    expect(asked.map((one) => [one.host, texts(one)])).toEqual([
      ["a", ["part 0"]],
      ["b", ["part 1"]],
    ]);
  });

  test("tell how they get on at once, and their texts in order", async () => {
    const slow = Promise.withResolvers<void>();
    const { answer } = setUp([[], []], { a: { content: "A.", after: slow.promise }, b: { content: "B." } });
    const seen: TurnEvent[] = [];
    for await (const event of answer()) {
      seen.push(event);
      if (event.kind === "part" && event.agent === "b" && event.state === "answered") slow.resolve();
    }
    expect(progress(seen)).toEqual(["a started", "b started", "b answered", "a answered"]);
    expect(seen.flatMap((event) => (event.kind === "text-delta" ? event.text : []))).toEqual([
      "A. (a)",
      "\n\nB. (b)",
    ]);
  });

  test("say which of them got no answer", async () => {
    const { answer } = setUp([[], []], { a: { fails: true }, b: { content: "B." } });
    const events = await collect(answer());
    expect(events.at(-1)).toMatchObject({
      content: "Sorry, I have no answer at the moment to: “part 0”\n\nB. (b)",
    });
    expect(progress(events)).toContain("a failed");
  });

  test("fail when none got one", async () => {
    const { answer } = setUp([[], []], { a: { fails: true }, b: { fails: true } });
    expect(kindsOf(await collect(answer())).at(-1)).toBe("error agent_error");
  });
});

describe("a part that needs another's answer", () => {
  test("is asked when that is there, and told it as what was said before", async () => {
    const { answer, asked } = setUp([[], [0]], { a: { content: "Five." }, b: { content: "B." } });
    const events = await collect(answer());
    expect(progress(events)).toEqual(["a started", "a answered", "b started", "b answered"]);
    expect(asked.map(texts)).toEqual([["part 0"], ["part 0", "Five.", "part 1"]]);
    expect(asked[1]?.request.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
    expect(events.at(-1)).toMatchObject({ content: "Five. (a)\n\nB. (b)" });
  });

  test("hears what was said before the message, too, and what comes with it", async () => {
    const binaryData = [{ mimeType: "image/png", dataAsBase64: "QQ==" }];
    const said = ["hello", "hi", "both, please"].map((content, index) => ({
      role: index % 2 === 0 ? ("user" as const) : ("assistant" as const),
      content,
      format: "text",
      ...(index === 2 && { binaryData }),
    }));
    const { answer, asked } = setUp(
      [[], [0]],
      { a: { content: "Five." } },
      { turn: turnOf({ messages: said }) },
    );
    await collect(answer());
    expect(asked[1]?.request.messages.map(({ content }) => content)).toEqual([
      "hello",
      "hi",
      "part 0",
      "Five.",
      "part 1",
    ]);
    expect(asked.map(({ request }) => request.messages.at(-1)?.binaryData)).toEqual([binaryData, binaryData]);
  });

  test("does not hold up those that need nothing", async () => {
    const slow = Promise.withResolvers<void>();
    const { answer } = setUp([[], [0], []], {
      a: { content: "A.", after: slow.promise },
      b: { content: "B." },
      c: { content: "C." },
    });
    const seen: TurnEvent[] = [];
    for await (const event of answer()) {
      seen.push(event);
      if (progress([event])[0] === "c answered") slow.resolve();
    }
    expect(progress(seen)).toEqual([
      "a started",
      "c started",
      "c answered",
      "a answered",
      "b started",
      "b answered",
    ]);
    expect(seen.at(-1)).toMatchObject({ content: "A. (a)\n\nB. (b)\n\nC. (c)" });
  });

  test("is told all answers that it needs", async () => {
    const { answer, asked } = setUp([[], [], [0, 1]], { a: { content: "A." }, b: { content: "B." } });
    await collect(answer());
    expect(asked.map(texts).at(-1)).toEqual(["part 0", "A.", "part 1", "B.", "part 2"]);
  });

  test("is not asked when that failed; nor is what needs it in turn; the rest is", async () => {
    const { answer, asked } = setUp([[], [0], [1], []], { a: { fails: true }, d: { content: "D." } });
    const events = await collect(answer());
    expect(asked.map(({ host }) => host).toSorted()).toEqual(["a", "d"]);
    expect(new Set(progress(events))).toEqual(
      new Set(["a started", "d started", "a failed", "b skipped", "c skipped", "d answered"]),
    );
    expect(events.at(-1)).toMatchObject({
      content: [
        "Sorry, I have no answer at the moment to: “part 0”",
        "Sorry, I can say nothing to this, as it depends on that: “part 1”",
        "Sorry, I can say nothing to this, as it depends on that: “part 2”",
        "D. (d)",
      ].join("\n\n"),
    });
  });

  test("ends with the cause when the first failed and nothing else was asked", async () => {
    const { answer } = setUp([[], [0]], { a: { fails: true } });
    expect(kindsOf(await collect(answer())).at(-1)).toBe("error agent_error");
  });

  test("shares the time of one turn with it", async () => {
    const slow = Promise.withResolvers<void>();
    const never = new Promise<void>(() => undefined);
    const limits = { firstResultMs: 100_000, totalMs: 120_000 };
    const scripts = { a: { content: "A.", after: slow.promise }, b: { after: never } };
    const { answer, clock } = setUp([[], [0]], scripts, limits);
    const events: TurnEvent[] = [];
    const all = (async () => {
      for await (const event of answer()) events.push(event);
    })();
    await clock.advance(90_000);
    slow.resolve();
    await clock.advance(29_999);
    expect(progress(events)).toEqual(["a started", "a answered", "b started"]);
    await clock.advance(1);
    await all;
    expect(progress(events).at(-1)).toBe("b failed");
  });
});

describe("a turn that ends early", () => {
  test("stops the agents that work, and asks no more", async () => {
    const never = new Promise<void>(() => undefined);
    const { answer, asked } = setUp([[], [0]], { a: { after: never } });
    for await (const event of answer()) if (progress([event])[0] === "a started") break;
    expect(asked.map(({ host }) => host)).toEqual(["a"]);
  });

  test("by its signal, throws the reason", async () => {
    const never = new Promise<void>(() => undefined);
    const stop = new AbortController();
    const { answer } = setUp([[], [0]], { a: { after: never } });
    const events = collect(answer(stop.signal));
    await Promise.resolve();
    stop.abort(new Error("enough"));
    await expect(events).rejects.toThrow("enough");
  });
});
