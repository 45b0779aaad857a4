/** Time and memory by the size of the catalogue. Examples of the large ones are CLINC150's training rows in groups of five. */
import type { EmbeddingModel } from "@lmos/embeddings";
import { systemClock } from "@lmos/primitives";
import {
  adaptRouterIndex,
  buildRouterIndex,
  createEmbeddingCache,
  createVectorClassifier,
  type RoutableAgent,
  type RouterIndex,
} from "@lmos/router";
import { SeededRandom } from "@lmos/testing";
import type { DataSet, Labelled } from "./data.ts";
import { percentile } from "./measures.ts";
import { drawCatalogue } from "./sample.ts";

/** One figure, and what is wanted of it. */
export interface SizeFigure {
  readonly name: string;
  readonly value: number;
  readonly unit: "ms" | "µs" | "MB";
  readonly atMost: number;
}

const { signal } = new AbortController();
const warmUp = 300;
const asked = 2000;
const now = (): number => systemClock.monotonic();

/** Every row of the table. Memory is what a collection leaves: run with --expose-gc. */
export async function measureSize(clinc: DataSet, embedding: EmbeddingModel): Promise<readonly SizeFigure[]> {
  const all = shots(clinc, 10);
  const small = all.slice(0, 1).map((agent) => ({ ...agent, capabilities: agent.capabilities.slice(0, 10) }));
  const usual = await measureCatalogue("150 capabilities × 10 examples", all, { clinc, embedding });
  const smaller = await measureCatalogue("10 capabilities × 10 examples", small, { clinc, embedding });
  const large = await measureCatalogue("1,000 agents × 3 capabilities × 5 examples", thousandAgents(clinc), {
    clinc,
    embedding,
  });
  return [
    {
      name: "embedding of a message, p95",
      unit: "µs",
      atMost: 50,
      value: 1000 * (await embeddingMs(clinc, embedding)),
    },
    { name: `decision p95, ${usual.name}`, unit: "ms", atMost: 1, value: usual.p95 },
    { name: `index build, ${usual.name}`, unit: "ms", atMost: 1500, value: usual.buildMs },
    { name: `index build, ${smaller.name}`, unit: "ms", atMost: 50, value: smaller.buildMs },
    {
      name: `one agent of 15 examples more, ${usual.name}`,
      unit: "ms",
      atMost: 50,
      value: await adaptMs(clinc, all, embedding),
    },
    { name: `decision p95, ${large.name}`, unit: "ms", atMost: 10, value: large.p95 },
    { name: `index build, ${large.name}`, unit: "ms", atMost: 6000, value: large.buildMs },
    { name: `memory, ${large.name}`, unit: "MB", atMost: 150, value: large.megabytes },
    {
      name: "longest wait of a turn while that index is built",
      unit: "ms",
      atMost: 50,
      value: large.longestWaitMs,
    },
  ];
}

function shots(clinc: DataSet, count: number): readonly RoutableAgent[] {
  return drawCatalogue(clinc.train, { least: count, most: count }, new SeededRandom(1));
}

function thousandAgents({ train }: DataSet): readonly RoutableAgent[] {
  const capability = (number: number) => {
    const examples = train.slice(5 * number, 5 * number + 5).map(({ text }) => text);
    return { id: `c${number}`, name: `c${number}`, description: "", examples };
  };
  return Array.from({ length: 1000 }, (_, agent) => ({
    name: `agent-${agent}`,
    description: "",
    capabilities: [0, 1, 2].map((i) => capability(3 * agent + i)),
  }));
}

interface CatalogueFigures {
  readonly name: string;
  readonly buildMs: number;
  readonly p95: number;
  readonly megabytes: number;
  readonly longestWaitMs: number;
}

/** The third build counts: the first ones also compile the code, which a process does once. */
async function measureCatalogue(
  name: string,
  agents: readonly RoutableAgent[],
  { clinc, embedding }: { readonly clinc: DataSet; readonly embedding: EmbeddingModel },
): Promise<CatalogueFigures> {
  const build = async (): Promise<RouterIndex> => {
    const cache = createEmbeddingCache({ maxEntries: 1000 });
    await buildRouterIndex([], { embedding, cache, signal });
    return buildRouterIndex(agents, { embedding, cache, signal });
  };
  const before = usedMegabytes();
  const served = await build();
  const megabytes = usedMegabytes() - before;
  const classify = classifierOf(served, embedding);
  for (const { text } of clinc.test.slice(0, warmUp)) await classify(text);
  const times: number[] = [];
  for (const { text } of clinc.test.slice(0, asked)) times.push(await classify(text));
  await build();
  const start = now();
  const building = build();
  const longestWaitMs = await longestWait(building);
  return { name, buildMs: now() - start, p95: percentile(times, 0.95), megabytes, longestWaitMs };
}

function classifierOf(index: RouterIndex, embedding: EmbeddingModel): (message: string) => Promise<number> {
  const classifier = createVectorClassifier({ index, embedding });
  return async (message) => {
    const start = now();
    await classifier.classify({ message, history: [] }, { signal });
    return now() - start;
  };
}

/** How long something that is due has to wait for its turn until the promise is settled. */
async function longestWait(building: Promise<unknown>): Promise<number> {
  const done = building.then(() => true);
  let longest = 0;
  for (;;) {
    const start = now();
    const pause = systemClock.sleep(1, { signal }).then(() => false);
    if (await Promise.race([done, pause])) return longest;
    longest = Math.max(longest, now() - start - 1);
  }
}

async function embeddingMs({ test }: DataSet, embedding: EmbeddingModel): Promise<number> {
  const times: number[] = [];
  for (const { text } of test.slice(0, asked)) {
    const start = now();
    await embedding.embed([text], { signal });
    times.push(now() - start);
  }
  return percentile(times.slice(warmUp), 0.95);
}

/** The median of nine agents, each added by itself. */
async function adaptMs(
  { train }: DataSet,
  agents: readonly RoutableAgent[],
  embedding: EmbeddingModel,
): Promise<number> {
  const cache = createEmbeddingCache({ maxEntries: 10_000 });
  const previous = await buildRouterIndex(agents, { embedding, cache, signal });
  const times: number[] = [];
  for (let i = 0; i < 9; i++) {
    const added = newAgent(train.slice(100 * i, 100 * i + 15), i);
    const start = now();
    await adaptRouterIndex([...agents, added], { previous, embedding, cache, signal });
    times.push(now() - start);
  }
  return percentile(times, 0.5);
}

function newAgent(rows: readonly Labelled[], number: number): RoutableAgent {
  const examples = rows.map(({ text }) => `${text} for number ${number}`);
  return {
    name: `new-${number}`,
    description: "",
    capabilities: [{ id: "c", name: "c", description: "", examples }],
  };
}

function usedMegabytes(): number {
  for (let pass = 0; pass < 3; pass++) globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
}
