import { type EmbeddingModel, loadStaticModel } from "@lmos/embeddings";
import { nextTurn } from "@lmos/primitives";
import { decide } from "@lmos/ranking";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMessageReader, type ReadMessage, rememberLast } from "./message-reader.ts";
import type { RoutableAgent } from "./model.ts";
import { buildRouterIndex } from "./router-index.ts";

const { signal } = new AbortController();
const embedding = await loadStaticModel({ signal });

function agent(name: string, ...examples: readonly string[]): RoutableAgent {
  const capabilities = [{ id: "c", name: "c", description: "", examples }];
  return { name, description: "", capabilities };
}

const agents = [
  agent("billing", "show my bill", "why is my bill so high", "pay my invoice", "explain the charges"),
  agent("network", "my internet is down", "the wifi keeps dropping", "router light is red", "slow internet"),
];
const index = await buildRouterIndex(agents, { embedding, signal });
const reader = createMessageReader(index, embedding);

/** The static model, keeping what it was asked. */
function recording(): { readonly model: EmbeddingModel; readonly asked: string[] } {
  const asked: string[] = [];
  const model: EmbeddingModel = {
    ...embedding,
    embed: (texts, options) => {
      asked.push(...texts.map((text) => `${options.purpose ?? "text"}: ${text}`));
      return embedding.embed(texts, options);
    },
  };
  return { model, asked };
}

/** The model, with answers that wait until they are released, the last one asked for first. */
function slowly(model: EmbeddingModel): {
  readonly model: EmbeddingModel;
  /** Lets so many answers go, each as soon as it is asked for. */
  release(count: number): Promise<void>;
} {
  const waiting: (() => void)[] = [];
  return {
    model: {
      ...model,
      embed: async (texts, options) => {
        const vectors = await model.embed(texts, options);
        await new Promise<void>((resolve) => waiting.push(resolve));
        return vectors;
      },
    },
    release: async (count) => {
      for (let i = 0; i < count; i++) {
        await nextTurn();
        waiting.pop()?.();
      }
    },
  };
}

describe("a message reader over a model that has nothing to wait for", () => {
  const aborted = AbortSignal.abort("enough");
  const throwing: EmbeddingModel = {
    ...embedding,
    embed: () => {
      throw new Error("no vector");
    },
  };

  it.each([
    { name: "a message alone", rank: reader.rank },
    { name: "one that is remembered", rank: rememberLast(reader.rank) },
  ])("waits for nothing to read $name", ({ rank }) => {
    expect(rank("show my bill", signal)).not.toBeInstanceOf(Promise);
  });

  it("waits where the model does, and reads the same", async () => {
    const waiting: EmbeddingModel = {
      ...embedding,
      embed: async (...call) => await embedding.embed(...call),
    };
    const read = createMessageReader(index, waiting).rank("show my bill", signal);
    expect(read).toBeInstanceOf(Promise);
    expect(await read).toEqual(await reader.rank("show my bill", signal));
  });

  it.each([
    { name: "an aborted turn", rank: reader.rank, call: aborted, reason: "enough" },
    {
      name: "an aborted turn that asks again",
      rank: rememberLast(reader.rank),
      call: aborted,
      reason: "enough",
    },
    {
      name: "a model that throws",
      rank: createMessageReader(index, throwing).rank,
      call: signal,
      reason: new Error("no vector"),
    },
  ])("rejects and does not throw for $name", async ({ rank, call, reason }) => {
    const read = rank("my bill", call);
    expect(read).toBeInstanceOf(Promise);
    await expect(read).rejects.toEqual(reason);
  });
});

describe("a message reader", () => {
  it.each([
    { name: "greetings", message: "Hello team, show my bill please!", text: "show my bill" },
    { name: "slips of the pen", message: "show my invioce", text: "show my invoice" },
    { name: "control characters", message: "show\u0000 my\tbill", text: "show my bill" },
  ])("reads past $name", async ({ message, text }) => {
    expect((await reader.rank(message, signal)).text).toBe(text);
  });

  it.each([
    { name: "an empty message", message: "", isEmpty: true },
    { name: "marks alone", message: "?!", isEmpty: false },
    { name: "emoji", message: "🔥", isEmpty: true },
    { name: "words", message: "my bill", isEmpty: false },
  ])("tells whether the model can make something of $name", async ({ message, isEmpty }) => {
    expect((await reader.rank(message, signal)).isEmpty).toBe(isEmpty);
  });

  it("ranks the clause that resembles the catalogue most", async () => {
    const message = "That was a long story, wasn't it? Anyway, why is my bill so high";
    const whole = (await reader.rank(message, signal)).ranking;
    const best = await reader.rankReadings(message, whole, signal);
    expect(best.energy).toBeGreaterThan(whole.energy);
    expect(best.agents[0]?.agent).toBe("billing");
  });

  it("embeds nothing again where a message can be read in one way only", async () => {
    const { model, asked } = recording();
    const recorded = createMessageReader(index, model);
    const whole = (await recorded.rank("show my bill", signal)).ranking;
    const before = asked.length;
    expect(await recorded.rankReadings("show my bill", whole, signal)).toBe(whole);
    expect(asked).toHaveLength(before);
  });

  it("asks for the density with the message as a query", async () => {
    const { model, asked } = recording();
    await createMessageReader(index, model).densityOf("Hi, show my bill", signal);
    expect(asked).toEqual(["query: show my bill"]);
  });

  it("finds a density for every agent", async () => {
    const { probabilities } = await reader.densityOf("the router", signal);
    expect([...probabilities.keys()].toSorted()).toEqual(["billing", "network"]);
    expect(probabilities.get("network")).toBeGreaterThan(0.5);
  });

  it("gives messages that are read at once what each of them gets alone, also where one fails", async () => {
    const { model, release } = slowly(embedding);
    const busy = createMessageReader(index, model);
    const messages = ["show my bill", "slow internet", "", "pay the invoice", "the router is red"];
    const expected = await Promise.all(messages.map((message) => reader.rank(message, signal)));
    for (let round = 0; round < 3; round++) {
      const failed = expect(busy.rank("my bill", AbortSignal.abort("enough"))).rejects.toBe("enough");
      const read = Promise.all(messages.map((message) => busy.rank(message, signal)));
      const density = busy.densityOf("slow internet", signal);
      await release(4 * messages.length);
      await failed;
      expect(await read).toEqual(expected);
      expect(await density).toEqual(await reader.densityOf("slow internet", signal));
    }
  });

  it("looks no second time at a message that is not what is wanted", async () => {
    const { model, asked } = recording();
    const recorded = createMessageReader(index, model);
    const wanted = { confidence: 0.9, thresholds: index.head.thresholds };
    await recorded.rank("the weather on the moon", signal, wanted);
    expect(asked).toEqual(["text: the weather on the moon"]);
    await recorded.rank("show my bill", signal, wanted);
    expect(asked.slice(1)).toEqual(["text: show my bill", "query: show my bill"]);
  });

  it("finds the same messages wanted as a second look does", async () => {
    const { thresholds } = index.head;
    const word = fc.constantFrom("my", "bill", "internet", "is", "cat", "slow", "the", "pay", "moon", "red");
    const message = fc.array(word, { maxLength: 6 }).map((words) => words.join(" "));
    const confidence = fc.constantFrom(0, 0.6, 0.9, 0.99);
    const meets = ({ ranking }: ReadMessage, least: number): boolean =>
      decide(ranking, thresholds).kind === "accept" && (ranking.agents[0]?.probability ?? 0) >= least;
    await fc.assert(
      fc.asyncProperty(message, confidence, async (said, least) => {
        const full = await reader.rank(said, signal);
        const wanted = await reader.rank(said, signal, { confidence: least, thresholds });
        expect(meets(wanted, least)).toBe(meets(full, least));
        if (meets(full, least)) expect(wanted).toEqual(full);
      }),
    );
  });

  it("rejects with the reason of an aborted signal", async () => {
    const reason = new Error("enough");
    const aborted = AbortSignal.abort(reason);
    await expect(reader.rank("my bill", aborted)).rejects.toBe(reason);
    await expect(reader.densityOf("my bill", aborted)).rejects.toBe(reason);
  });
});

describe("the energy", () => {
  it("of a small catalogue is that of the message as it is or as a query, whichever is smaller", async () => {
    const { text, ranking } = await reader.rank("my cat is ill", signal);
    const energies = await Promise.all(
      [undefined, "query" as const].map(async (purpose) => {
        const [vector = new Float32Array()] = await embedding.embed([text], { signal, purpose });
        return index.head.rank({ text, vector }).energy;
      }),
    );
    expect(ranking.energy).toBe(Math.min(...energies));
  });

  it("never rises by that, and the agents stay as they are", async () => {
    const plain: EmbeddingModel = {
      ...embedding,
      embed: (texts) => embedding.embed(texts, { signal }),
    };
    const withoutQueries = createMessageReader(index, plain);
    const word = fc.constantFrom("my", "bill", "internet", "is", "cat", "slow", "the", "pay", "moon", "why");
    const message = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(" "));
    await fc.assert(
      fc.asyncProperty(message, async (said) => {
        const { ranking } = await reader.rank(said, signal);
        const expected = (await withoutQueries.rank(said, signal)).ranking;
        expect(ranking.energy).toBeLessThanOrEqual(expected.energy);
        expect(ranking.agents).toEqual(expected.agents);
      }),
    );
  });

  it("of a large catalogue is that of the message as it is", async () => {
    const texts = Array.from({ length: 120 }, (_, i) => `show bill number ${i} of the year ${1900 + i}`);
    const large = await buildRouterIndex([agent("billing", ...texts), ...agents.slice(1)], {
      embedding,
      signal,
    });
    const { model, asked } = recording();
    await createMessageReader(large, model).rank("show my bill", signal);
    expect(asked).toEqual(["text: show my bill"]);
  });
});

describe("rememberLast", () => {
  it("gives what the reader gives, whatever came before", async () => {
    const rank = rememberLast(reader.rank);
    const message = fc.constantFrom("my bill", "the router", "", "my cat is ill", "pay my invoice");
    await fc.assert(
      fc.asyncProperty(fc.array(message), async (messages) => {
        for (const each of messages) {
          expect(await rank(each, signal)).toEqual(await reader.rank(each, signal));
        }
      }),
    );
  });

  it("asks the model once for the same message, and again once another has come between", async () => {
    const { model, asked } = recording();
    const rank = rememberLast(createMessageReader(index, model).rank);
    for (const message of ["my bill", "my bill", "the router", "my bill"]) await rank(message, signal);
    expect(asked.filter((each) => each.startsWith("text:"))).toEqual([
      "text: my bill",
      "text: the router",
      "text: my bill",
    ]);
  });

  it("does not take a message for read that was not looked at twice", async () => {
    const rank = rememberLast(reader.rank);
    const wanted = { confidence: 0.9, thresholds: { energy: Number.POSITIVE_INFINITY, margin: 0 } };
    await rank("my bill", signal, wanted);
    const read = await rank("my bill", signal);
    expect(read).toEqual(await reader.rank("my bill", signal));
    expect(await rank("my bill", signal, wanted)).toBe(read);
  });

  it("rejects with the reason of an aborted signal, also for what it knows", async () => {
    const rank = rememberLast(reader.rank);
    await rank("my bill", signal);
    const reason = new Error("enough");
    await expect(rank("my bill", AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it("asks again after a model that failed", async () => {
    let fails = true;
    const rank = rememberLast(async (message) => {
      if (fails) throw new Error("away");
      return reader.rank(message, signal);
    });
    await expect(rank("my bill", signal)).rejects.toThrow("away");
    fails = false;
    expect((await rank("my bill", signal)).text).toBe("my bill");
  });
});
