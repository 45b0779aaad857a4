/**
 * Measures the router on public data and writes RESULTS.md; `--only size`, `attacks` or
 * `conversations` prints one table.
 * Run from the project's root:
 * `npx node --conditions=@lmos/source bench/router/main.ts --cpu "…" --date 2026-11-21 [--data DIR] [--seeds 1,2,3]
 * [--embedding static|minilm|bge]`; other models than the built-in one write a file of their own
 */
import { writeFile } from "node:fs/promises";
import type { EmbeddingModel } from "@lmos/embeddings";
import { benchArguments } from "../arguments.ts";
import { measureAttacks } from "./attacks.ts";
import { measureConversations } from "./conversations.ts";
import { type DataSet, readBanking, readClinc, readLmos } from "./data.ts";
import { loadBenchEmbedding, modelText, parseEmbeddingName } from "./embedding.ts";
import { type LargeFigures, measureLarge } from "./large.ts";
import { measurePeers } from "./peers.ts";
import {
  attackTable,
  conversationTables,
  type LargeRow,
  type MeasuredMore,
  type PeerRow,
  renderReport,
  type SmallRow,
  sizeTable,
} from "./report.ts";
import { measureSize } from "./size.ts";
import { measureSmall, type SmallCatalogue, type SmallFigures } from "./small.ts";

const allExamples = 100_000;

const smallCatalogues: readonly { readonly name: string; readonly catalogue: SmallCatalogue }[] = [
  { name: "6 agents, 14 capabilities, 5–10 examples", catalogue: sized(6, 14, 5, 10) },
  { name: "6 agents, 14 capabilities, 3–5 examples", catalogue: sized(6, 14, 3, 5) },
  { name: "2 agents, 3 capabilities, 5–10 examples", catalogue: sized(2, 3, 5, 10) },
  { name: "1 agent, 2 capabilities, 5–10 examples", catalogue: sized(1, 2, 5, 10) },
  { name: "2 agents, 3 capabilities, 2 examples", catalogue: sized(2, 3, 2, 2) },
];

function sized(agents: number, capabilities: number, least: number, most: number): SmallCatalogue {
  return { agents, capabilities, shots: { least, most } };
}

async function largeRow(
  data: DataSet,
  draw: { readonly shots: number; readonly seeds: readonly number[] },
  embedding: EmbeddingModel,
): Promise<LargeRow> {
  const draws: LargeFigures[] = [];
  const name = `${data.name}, ${draw.shots === allExamples ? "all examples" : `${draw.shots} shots`}`;
  for (const seed of draw.seeds) {
    draws.push(await measureLarge(data, { shots: draw.shots, seed }, embedding));
    process.stderr.write(`${name}, seed ${seed}\n`);
  }
  return { name, draws };
}

async function peerRow(
  data: DataSet,
  draw: { readonly shots: number; readonly seeds: readonly number[] },
  embedding: EmbeddingModel,
): Promise<PeerRow> {
  const name = `${data.name}, ${draw.shots} shots`;
  const draws: PeerRow["draws"][number][] = [];
  for (const seed of draw.seeds) draws.push(await measurePeers(data, { shots: draw.shots, seed }, embedding));
  process.stderr.write(`${name}, peers\n`);
  return { name, draws };
}

async function smallRow(
  clinc: DataSet,
  size: { readonly name: string; readonly catalogue: SmallCatalogue; readonly count: number },
  embedding: EmbeddingModel,
): Promise<SmallRow> {
  const draws: SmallFigures[] = [];
  for (let seed = 1; seed <= size.count; seed++) {
    draws.push(await measureSmall(clinc, { catalogue: size.catalogue, seed }, embedding));
  }
  process.stderr.write(`${size.name}\n`);
  return { name: size.name, draws };
}

/** One table, to the screen: for a short look. */
async function printOnly(table: string, clinc: DataSet): Promise<void> {
  switch (table) {
    case "size":
      process.stdout.write(`${sizeTable(await measureSize(clinc, embedding))}\n`);
      return;
    case "attacks":
      process.stdout.write(`${attackTable(await measureAttacks(embedding))}\n`);
      return;
    case "conversations":
      process.stdout.write(`${conversationTables(await measureConversations(embedding))}\n`);
      return;
    default:
      throw new TypeError(`--only ${table} is not known: give size, attacks or conversations`);
  }
}

const values = benchArguments({
  command: "npm run bench:router",
  description: "Routing on public data: accuracy, calibration, refusal, latency. Writes RESULTS.md.",
  options: {
    data: {
      type: "string",
      default: "../shared/data",
      description: "folder of the data sets, see README.md",
    },
    cpu: { type: "string", default: "CPU not named", description: "processor, for the report" },
    date: { type: "string", default: "a day not named", description: "day, for the report" },
    seeds: { type: "string", default: "1,2,3,4,5", description: "a draw of examples each" },
    catalogues: { type: "string", default: "50", isNumber: true, description: "draws of small catalogues" },
    only: {
      type: "string",
      description: "size, attacks or conversations: print that alone, and write nothing",
    },
    embedding: { type: "string", default: "static", description: "static, minilm or bge" },
  },
});
const seeds = values.seeds.split(",").map(Number);
const catalogues = Number(values.catalogues);
const embeddingName = parseEmbeddingName(values.embedding);
const embedding = await loadBenchEmbedding(embeddingName);
const clinc = await readClinc(values.data);
const sets = [clinc, await readBanking(values.data), await readLmos(values.data)];

if (values.only !== undefined) {
  await printOnly(values.only, clinc);
  process.exit(0);
}

const large: LargeRow[] = [];
const peers: PeerRow[] = [];
for (const data of sets) {
  for (const shots of [3, 5, 10]) {
    large.push(await largeRow(data, { shots, seeds }, embedding));
    peers.push(await peerRow(data, { shots, seeds }, embedding));
  }
}
const lmos = sets.filter(({ name }) => name === "LMOS bench");
for (const data of lmos) {
  large.push(await largeRow(data, { shots: allExamples, seeds: seeds.slice(0, 1) }, embedding));
}
const circumstances = {
  cpu: values.cpu,
  date: values.date,
  node: process.versions.node,
  model: modelText(embeddingName),
  seeds,
  catalogues,
};
// Conversations, small catalogues and times are about the head: one model is enough for them.
const more = embeddingName === "static" ? await measureMore() : undefined;
const file = embeddingName === "static" ? "RESULTS.md" : `RESULTS-${embeddingName}.md`;
await writeFile(new URL(file, import.meta.url), renderReport({ large, peers }, circumstances, more));

async function measureMore(): Promise<MeasuredMore> {
  const small: SmallRow[] = [];
  for (const size of smallCatalogues)
    small.push(await smallRow(clinc, { ...size, count: catalogues }, embedding));
  return {
    small,
    conversations: await measureConversations(embedding),
    attacks: await measureAttacks(embedding),
    size: await measureSize(clinc, embedding),
  };
}
