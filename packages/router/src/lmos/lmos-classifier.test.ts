import { loadStaticModel } from "@lmos/embeddings";
import { describe, expect, it } from "vitest";
import type { HistoryMessage } from "../model.ts";
import type { AddressedAgent } from "./example-store.ts";
import { createLmosClassifier, type LmosClassifierOptions } from "./lmos-classifier.ts";
import { createMemoryExampleStore } from "./memory-example-store.ts";

const { signal } = new AbortController();
const embedding = await loadStaticModel({ signal });
const scope = { tenant: "acme", channel: "web", subset: "stable" };
const low = { minScore: 1, minDistance: 0.1, minMeanScore: 0.5, minRelDistance: 0.01 };

const agentOf = (id: string, examples: readonly string[]): AddressedAgent => ({
  id,
  name: id,
  address: `http://${id}`,
  description: "",
  capabilities: [{ id: `${id}-capability`, name: id, description: "", examples }],
});

async function classifierOf(agents: readonly AddressedAgent[], options: Partial<LmosClassifierOptions> = {}) {
  const store = createMemoryExampleStore({ embedding });
  for (const agent of agents) await store.put(scope, agent, { signal });
  return createLmosClassifier({ scope, store, embedding, ...options });
}

const bills = agentOf("bills", ["show me my bill", "why is my bill so high", "explain my bill to me"]);
const parcels = agentOf("parcels", ["where is my parcel"]);

describe("createLmosClassifier", () => {
  it("can choose no agent of three examples with the published thresholds", async () => {
    const classifier = await classifierOf([bills, parcels]);
    const decision = await classifier.classify({ message: "show me my bill", history: [] }, { signal });
    expect(decision).toMatchObject({
      decision: "none",
      alternatives: [{ agent: "bills" }, { agent: "parcels" }],
    });
  });

  it("chooses with thresholds that fit", async () => {
    const classifier = await classifierOf([bills, parcels], { thresholds: low });
    const decision = await classifier.classify({ message: "show me my bill", history: [] }, { signal });
    expect(decision).toMatchObject({ decision: "accept", agent: "bills", capability: "bills-capability" });
    expect(decision.explanation.energy).toBeGreaterThan(low.minScore);
  });

  it("takes a lone example whatever was said, as the original does", async () => {
    const classifier = await classifierOf([parcels]);
    const decision = await classifier.classify({ message: "sing a song", history: [] }, { signal });
    expect(decision).toMatchObject({ decision: "accept", agent: "parcels", confidence: 1 });
  });

  it.each(["", "🤷"])("refuses %j, in which there is nothing to read", async (message) => {
    const decision = await (await classifierOf([parcels])).classify({ message, history: [] }, { signal });
    expect(decision).toMatchObject({ decision: "none", confidence: 0, alternatives: [] });
  });

  it.each([
    { name: "joined with what was said before", maxHistoryMessages: 10, best: "bills" },
    { name: "alone where no history counts", maxHistoryMessages: 0, best: "parcels" },
  ])("reads a message $name", async ({ maxHistoryMessages, best }) => {
    const history: readonly HistoryMessage[] = [
      { role: "user", content: "show me my bill" },
      { role: "assistant", content: "your bill is high, let me explain your bill" },
      { role: "user", content: "why is my bill so high" },
    ];
    const evenly = agentOf("parcels", ["where is my parcel", "find my parcel", "track the parcel"]);
    const classifier = await classifierOf([bills, evenly], {
      maxHistoryMessages,
      maxEmbeddings: 3,
      thresholds: low,
    });
    const decision = await classifier.classify({ message: "where is my parcel", history }, { signal });
    expect(decision.alternatives[0]?.agent).toBe(best);
  });
});
