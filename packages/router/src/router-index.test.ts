import { loadStaticModel } from "@lmos/embeddings";
import { backgroundSentences } from "@lmos/ranking";
import { describe, expect, it } from "vitest";
import type { RoutableAgent } from "./model.ts";
import { adaptRouterIndex, buildRouterIndex } from "./router-index.ts";
import { createVectorClassifier } from "./vector-classifier.ts";

const { signal } = new AbortController();
const embedding = await loadStaticModel({ signal });

/** 400 examples: every background sentence in a capability of ten, and half of them again in other words. */
function largeCatalogue(): readonly RoutableAgent[] {
  const sentences = [
    ...backgroundSentences,
    ...backgroundSentences.map((sentence) => `could you tell me ${sentence}`),
  ];
  const count = Math.floor(backgroundSentences.length / 5);
  return Array.from({ length: count }, (_, i) => ({
    name: `a${i}`,
    description: "",
    capabilities: [
      {
        id: "c",
        name: "c",
        description: "",
        examples: [0, 1].flatMap((half) =>
          sentences.slice(half * backgroundSentences.length).slice(i * 5, i * 5 + 5),
        ),
      },
    ],
  }));
}

const late: RoutableAgent = {
  name: "late",
  description: "",
  capabilities: [
    {
      id: "router",
      name: "router",
      description: "",
      examples: ["restart my router", "the router light is red", "my router is offline", "set up a router"],
    },
  ],
};

describe("adaptRouterIndex", () => {
  it("routes to a new agent and to the others before anything is fitted", async () => {
    const agents = largeCatalogue();
    const previous = await buildRouterIndex(agents, { embedding, signal });
    const index = await adaptRouterIndex([...agents, late], { previous, embedding, signal });
    if (index === undefined) throw new Error("not adapted");
    expect(index.head.weights).toEqual(previous.head.weights);
    const classifier = createVectorClassifier({ index, embedding });
    const toNew = await classifier.classify({ message: "my router is red", history: [] }, { signal });
    expect(toNew).toMatchObject({ decision: "accept", agent: "late" });
    const toOld = await classifier.classify(
      { message: "how long do I boil an egg", history: [] },
      { signal },
    );
    expect(toOld.alternatives[0]?.agent).toBe("a0");
  });

  it("forgets an agent that is gone", async () => {
    const agents = largeCatalogue();
    const previous = await buildRouterIndex([...agents, late], { embedding, signal });
    const index = await adaptRouterIndex(agents, { previous, embedding, signal });
    const ranking = index?.head.rank({
      text: "router",
      vector: (await embedding.embed(["router"], { signal }))[0] ?? new Float32Array(),
    });
    expect(ranking?.agents).toHaveLength(agents.length);
  });

  it.each([
    { name: "a small catalogue", before: [late], after: [late, { ...late, name: "b" }] },
    { name: "an empty one before", before: [], after: largeCatalogue() },
    { name: "too much that is new", before: largeCatalogue().slice(0, 30), after: largeCatalogue() },
  ])("leaves $name to a fit", async ({ before, after }) => {
    const previous = await buildRouterIndex(before, { embedding, signal });
    expect(await adaptRouterIndex(after, { previous, embedding, signal })).toBeUndefined();
  });
});

describe("buildRouterIndex", () => {
  it("lets others have their turn and stops when told", async () => {
    const controller = new AbortController();
    const building = buildRouterIndex(largeCatalogue(), { embedding, signal: controller.signal });
    setImmediate(() => controller.abort("enough"));
    await expect(building).rejects.toBe("enough");
  });
});
