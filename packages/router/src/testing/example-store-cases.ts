/** What every store of examples must do, as named cases. They need a channel of their own, and the built-in model. */
import assert from "node:assert/strict";
import type { EmbeddingModel } from "@lmos/embeddings";
import type { AddressedAgent, ChannelScope, ExampleStore } from "../lmos/example-store.ts";

/** What a case works on. */
export interface StoreUnderTest {
  readonly store: ExampleStore;
  readonly embedding: EmbeddingModel;
  /** A channel that nothing else uses. */
  readonly scope: ChannelScope;
}

/** One thing to check; rejects where the store fails. */
export interface ExampleStoreCase {
  readonly name: string;
  check(subject: StoreUnderTest): Promise<void>;
}

const { signal } = new AbortController();

const billing: AddressedAgent = {
  id: "billing",
  name: "billing-agent",
  address: "http://billing:8080",
  description: "",
  capabilities: [
    {
      id: "view",
      name: "view",
      description: "Shows bills",
      examples: ["show me my bill", "why is my bill high"],
    },
  ],
};
const parcels: AddressedAgent = {
  id: "parcels",
  name: "parcel-agent",
  address: "http://parcels:8080",
  description: "",
  capabilities: [
    { id: "track", name: "track", description: "Finds parcels", examples: ["where is my parcel"] },
  ],
};

/** The cases, to be run as a table. */
export const exampleStoreCases: readonly ExampleStoreCase[] = [
  {
    name: "finds nothing in a channel that it does not know",
    check: async (subject) => assert.deepEqual(await find(subject, "my bill"), []),
  },
  {
    name: "finds the nearest examples first, with all that is told of them",
    check: async (subject) => {
      await putAll(subject);
      const [best, ...rest] = await find(subject, "where is my parcel");
      assert.ok(best !== undefined && Math.abs(best.score - 1) < 1e-3, `score ${best?.score}`);
      const { score: _score, ...told } = best;
      assert.deepEqual(told, {
        agentId: "parcels",
        agentName: "parcel-agent",
        agentAddress: "http://parcels:8080",
        capabilityId: "track",
        capabilityDescription: "Finds parcels",
        example: "where is my parcel",
      });
      assert.equal(rest.length, 2);
      assert.ok(rest.every(({ score }) => score < best.score && score >= 0));
    },
  },
  {
    name: "gives as many as are asked for",
    check: async (subject) => {
      await putAll(subject);
      assert.equal((await find(subject, "my bill", 2)).length, 2);
    },
  },
  {
    name: "replaces an agent's examples, and no other's",
    check: async (subject) => {
      await putAll(subject);
      const [capability] = billing.capabilities;
      if (capability === undefined) throw new Error("the agent has no capability");
      const changed = { ...capability, examples: ["show me my bill", "pay my bill"] };
      await subject.store.put(subject.scope, { ...billing, capabilities: [changed] }, { signal });
      const found = (await find(subject, "my bill")).map(({ example }) => example);
      assert.deepEqual(found.toSorted(), ["pay my bill", "show me my bill", "where is my parcel"]);
    },
  },
  {
    name: "forgets an agent",
    check: async (subject) => {
      await putAll(subject);
      await subject.store.remove(subject.scope, "billing", { signal });
      assert.deepEqual(
        (await find(subject, "my bill")).map(({ agentId }) => agentId),
        ["parcels"],
      );
    },
  },
  {
    name: "forgets a channel, also one that it does not know",
    check: async (subject) => {
      await putAll(subject);
      await subject.store.remove(subject.scope, undefined, { signal });
      await subject.store.remove(subject.scope, undefined, { signal });
      assert.deepEqual(await find(subject, "my bill"), []);
    },
  },
  {
    name: "keeps subsets apart",
    check: async (subject) => {
      await putAll(subject);
      const other = { ...subject, scope: { ...subject.scope, subset: "canary" } };
      assert.deepEqual(await find(other, "my bill"), []);
    },
  },
];

async function putAll({ store, scope }: StoreUnderTest): Promise<void> {
  for (const agent of [billing, parcels]) await store.put(scope, agent, { signal });
}

async function find({ store, embedding, scope }: StoreUnderTest, text: string, count = 10) {
  const [vector] = await embedding.embed([text], { signal });
  if (vector === undefined) throw new Error("the model gave no vector");
  return store.nearest(scope, { vector, count }, { signal });
}
