/**
 * What every embedding model must do, as named cases. An adapter's test runs all of them against its model; they know
 * nothing of how it works.
 */
import assert from "node:assert/strict";
import type { EmbeddingModel } from "../model.ts";

/** One thing to check; rejects where the model fails. */
export interface EmbeddingModelCase {
  readonly name: string;
  check(model: EmbeddingModel): Promise<void>;
}

const oddTexts = [
  "",
  " \n\t",
  "\u0000\u0007",
  "🤷🏽‍♀️",
  "\ud800",
  "注文はどこですか",
  "a".repeat(100_000),
  "?!…",
];
const tolerance = 1e-3;

/** The cases, to be run as a table. */
export const embeddingModelCases: readonly EmbeddingModelCase[] = [
  {
    name: "gives one vector of its dimension per text, in order",
    check: async (model) => {
      const texts = ["my internet is down", "show me my bill", "my internet is down"];
      const vectors = await embed(model, texts);
      assert.deepEqual(
        vectors.map((vector) => vector.length),
        texts.map(() => model.dimension),
      );
      assert.deepEqual(vectors[0], vectors[2]);
      assert.notDeepEqual(vectors[0], vectors[1]);
    },
  },
  {
    name: "gives the same vector alone and among others",
    check: async (model) => {
      const [alone] = await embed(model, ["show me my bill"]);
      const [, among] = await embed(model, ["a much longer text about something else", "show me my bill"]);
      assert.deepEqual(alone, among);
    },
  },
  {
    name: "gives vectors of length one, or of zeros",
    check: async (model) => {
      for (const vector of await embed(model, ["my internet is down", ...oddTexts])) {
        const norm = Math.hypot(...vector);
        assert.ok(norm === 0 || Math.abs(norm - 1) < tolerance, `norm ${norm}`);
      }
    },
  },
  {
    name: "puts texts of the same meaning closer together than others",
    check: async (model) => {
      const [query, near, far] = await embed(model, [
        "where is my package",
        "track my parcel",
        "what is the capital of france",
      ]);
      assert.ok(cosine(query, near) > cosine(query, far));
    },
  },
  {
    name: "gives queries in the same space",
    check: async (model) => {
      const text = "where is my parcel with the shoes";
      const [plain] = await embed(model, [text]);
      const [query] = await model.embed([text], { signal: new AbortController().signal, purpose: "query" });
      assert.equal(query?.length, model.dimension);
      assert.ok(cosine(query, plain) > 0.8, `cosine ${cosine(query, plain)}`);
    },
  },
  {
    name: "gives the same vectors where it may write them into others",
    check: async (model) => {
      const texts = ["my internet is down", "", "show me my bill"];
      for (const purpose of [undefined, "query"] as const) {
        const { signal } = new AbortController();
        const expected = await model.embed(texts, { signal, purpose });
        const into = texts.map(() => new Float32Array(model.dimension).fill(7));
        assert.deepEqual(await model.embed(texts, { signal, purpose, into }), expected);
      }
    },
  },
  {
    name: "gives nothing for no texts",
    check: async (model) => assert.deepEqual(await embed(model, []), []),
  },
  {
    name: "rejects with the reason of an aborted signal",
    check: async (model) => {
      const reason = new Error("enough");
      await assert.rejects(
        async () => await model.embed(["a"], { signal: AbortSignal.abort(reason) }),
        reason,
      );
    },
  },
];

async function embed(model: EmbeddingModel, texts: readonly string[]): Promise<readonly Float32Array[]> {
  return await model.embed(texts, { signal: new AbortController().signal });
}

function cosine(left: Float32Array | undefined, right: Float32Array | undefined): number {
  return left?.reduce((sum, value, i) => sum + value * (right?.[i] ?? 0), 0) ?? 0;
}
