/**
 * The rules of other routers on the same vectors and the same draws: nearest examples by cosine, no thresholds. Each
 * gives the best capability of every message.
 */
import type { EmbeddingModel } from "@lmos/embeddings";
import { dotRows } from "@lmos/ranking";
import { type RoutableAgent, share } from "@lmos/router";
import { SeededRandom } from "@lmos/testing";
import type { DataSet } from "./data.ts";
import { drawCatalogue } from "./sample.ts";

/** Share of the messages whose capability, and whose agent, each rule finds. */
export interface PeerFigures {
  readonly rule: string;
  readonly capability: number;
  readonly agent: number;
}

interface Example {
  readonly agent: string;
  readonly capability: string;
  readonly vector: Float32Array;
}

interface Hit {
  readonly example: Example;
  readonly cosine: number;
}

/** Examples that a rule looks at, as its authors set it. */
const topHits = 5;

const rules: readonly { readonly name: string; readonly score: (cosines: readonly number[]) => number }[] = [
  {
    name: "LMOS: sum of (1 + cos) / 2 over 5 hits",
    score: (own) => sum(own.map((cosine) => (1 + cosine) / 2)),
  },
  { name: "semantic-router: mean of 5 hits", score: (own) => sum(own) / own.length },
  { name: "nearest example", score: (own) => Math.max(...own) },
];

const { signal } = new AbortController();

/** All rules on one draw. */
export async function measurePeers(
  data: DataSet,
  draw: { readonly shots: number; readonly seed: number },
  embedding: EmbeddingModel,
): Promise<readonly PeerFigures[]> {
  const shots = { least: draw.shots, most: draw.shots };
  const examples = await examplesOf(drawCatalogue(data.train, shots, new SeededRandom(draw.seed)), embedding);
  const vectors = examples.map(({ vector }) => vector);
  const centroids = centroidsOf(examples);
  const queries = await embedding.embed(
    data.test.map(({ text }) => text),
    { signal },
  );
  const hits = queries.map((query) => nearest(examples, dotRows(vectors, query), topHits));
  const ofCentroids = queries.map((query) =>
    nearest(
      centroids,
      dotRows(
        centroids.map(({ vector }) => vector),
        query,
      ),
      1,
    ),
  );
  const figures = (rule: string, chosen: readonly (Example | undefined)[]): PeerFigures => ({
    rule,
    capability: share([...data.test.entries()], ([i, row]) => chosen[i]?.capability === row.capability),
    agent: share([...data.test.entries()], ([i, row]) => chosen[i]?.agent === row.agent),
  });
  return [
    ...rules.map(({ name, score }) =>
      figures(
        name,
        hits.map((own) => bestOf(own, score)),
      ),
    ),
    figures(
      "centroid",
      ofCentroids.map(([best]) => best?.example),
    ),
  ];
}

async function examplesOf(
  agents: readonly RoutableAgent[],
  embedding: EmbeddingModel,
): Promise<readonly Example[]> {
  const rows = agents.flatMap(({ name, capabilities }) =>
    capabilities.flatMap(({ id, examples }) =>
      examples.map((text) => ({ agent: name, capability: id, text })),
    ),
  );
  const vectors = await embedding.embed(
    rows.map(({ text }) => text),
    { signal },
  );
  return rows.map(({ agent, capability }, i) => ({
    agent,
    capability,
    vector: vectors[i] ?? new Float32Array(),
  }));
}

function centroidsOf(examples: readonly Example[]): readonly Example[] {
  const classes = Map.groupBy(examples, ({ agent, capability }) => JSON.stringify([agent, capability]));
  return [...classes.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const total = first.vector.map((_, i) => sum(members.map(({ vector }) => vector[i] ?? 0)));
    const length = Math.hypot(...total) || 1;
    return [{ ...first, vector: total.map((value) => value / length) }];
  });
}

function nearest(examples: readonly Example[], cosines: Float32Array, count: number): readonly Hit[] {
  const found: Hit[] = [];
  for (let i = 0; i < cosines.length; i++) {
    const cosine = cosines[i] ?? 0;
    const example = examples[i];
    const last = found[count - 1];
    if (example === undefined || (last !== undefined && cosine <= last.cosine)) continue;
    found.push({ example, cosine });
    found.sort((left, right) => right.cosine - left.cosine);
    found.length = Math.min(found.length, count);
  }
  return found;
}

function bestOf(hits: readonly Hit[], score: (cosines: readonly number[]) => number): Example | undefined {
  const byCapability = Map.groupBy(hits, ({ example }) =>
    JSON.stringify([example.agent, example.capability]),
  );
  const scored = [...byCapability.values()].map((own) => ({
    example: own[0]?.example,
    score: score(own.map(({ cosine }) => cosine)),
  }));
  return scored.sort((left, right) => right.score - left.score)[0]?.example;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
