/**
 * Row D10 at the router service: the model behind its service of vectors changes while it is asked, and its examples are in
 * Qdrant (one written by hand). Vectors of both models resemble each other as the built-in model's do.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { loadStaticModel } from "@lmos/embeddings";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { readAgents, readMessages } from "../../bench/runtime/catalogue.ts";
import { startFakeQdrant } from "../../packages/router/src/testing/fake-qdrant.ts";
import { figure } from "./harness/figures.ts";
import { type ModelService, startModelService, type VectorAnswer } from "./harness/model-service.ts";
import { type RouterAnswer, type RouterProcess, startRouterProcess } from "./harness/router-process.ts";

const embedding = await loadStaticModel({ signal: new AbortController().signal });
let folder: string;
let agentsPath: string;
let messages: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lmos-changed-router-"));
  agentsPath = join(folder, "agents.json");
  const agents = await readAgents();
  const capabilityGroups = agents.map((agent) => ({
    ...agent,
    id: agent.name,
    address: `http://${agent.name}`,
  }));
  await writeFile(agentsPath, JSON.stringify({ id: "acme", capabilityGroups }));
  messages = (await readMessages()).slice(0, 40);
});
afterAll(() => rm(folder, { recursive: true }));

const decisionSchema = z.object({ classifiedAgents: z.array(z.object({ id: z.string() })) });
const hitsSchema = z.array(z.object({ example: z.string() }));

/** A question with who gets it, if anybody, and whether vectors said so. */
interface Decided {
  readonly message: string;
  readonly answer: RouterAnswer;
  readonly agent: string | undefined;
  readonly byVectors: boolean;
}

/** Asks one question; the service's own count says whether words decided it. */
async function decide(router: RouterProcess, message: string): Promise<Decided> {
  const before = await router.fallbacks();
  const answer = await router.ask("vector", message);
  const byVectors = (await router.fallbacks()) === before;
  const { classifiedAgents } = decisionSchema.parse(answer.body);
  return { message, answer, agent: classifiedAgents[0]?.id, byVectors };
}

/** The nearest example of each message that has one, by Qdrant. */
async function nearestExamples(router: RouterProcess): Promise<readonly (string | undefined)[]> {
  const nearest: (string | undefined)[] = [];
  for (const message of messages) {
    const { body } = await router.ask("vector/plain", message);
    nearest.push(hitsSchema.safeParse(body).data?.[0]?.example);
  }
  return nearest;
}

interface Change {
  readonly name: string;
  readonly distort: (answer: VectorAnswer) => VectorAnswer;
  /** Numbers of a vector afterwards. */
  readonly length: number;
}

const changes: readonly Change[] = [
  {
    name: "has another model, of another length",
    distort: ({ data }) => ({
      model: "stub-2",
      data: data.map(({ index, embedding: numbers }) => ({ index, embedding: [0, ...numbers.toReversed()] })),
    }),
    length: 257,
  },
  {
    name: "has another model under the same name, of the same length",
    distort: ({ model, data }) => ({
      model,
      data: data.map(({ index, embedding: numbers }) => ({ index, embedding: numbers.toReversed() })),
    }),
    length: 256,
  },
];

test.each(changes)(
  "D10 the service of vectors of the router service $name: every question is answered, none is compared with two models",
  async ({ name, distort, length }) => {
    await using service = await startModelService(embedding);
    await using qdrant = await startFakeQdrant();
    await using router = await startRouterProcess({
      agentsPath,
      embeddingUrl: service.url,
      qdrantUrl: qdrant.url,
    });
    const known = new Map<string, Decided>();
    for (const message of messages) known.set(message, await decide(router, message));
    const nearest = await nearestExamples(router);
    service.state.distort = distort as ModelService["state"]["distort"];
    const changedAt = performance.now();
    const decided: Decided[] = [];
    const isBack = (): boolean =>
      decided.length >= 2 * messages.length &&
      decided.slice(-messages.length).every(({ byVectors }) => byVectors);
    for (let at = 0; !isBack() && performance.now() - changedAt < 30_000; at++) {
      decided.push(await decide(router, messages[at % messages.length] ?? ""));
      await sleep(5);
    }
    const failed = decided.filter(({ answer }) => answer.status !== 200).length;
    const byWords = decided.filter(({ byVectors }) => !byVectors);
    const mixed = decided.filter(
      ({ message, agent, byVectors }) => byVectors && agent !== known.get(message)?.agent,
    ).length;
    const gapMs = Math.max(0, ...byWords.map(({ answer }) => answer.at + answer.ms - changedAt));
    figure({
      row: "D10",
      fault: `the service of vectors of the router service ${name}, with the examples in Qdrant`,
      asked: "0 comparisons between models; indexes of the new one beside the old, swap without gap",
      seen: `${failed} of ${decided.length} questions not answered, ${mixed} compared with another model; ${byWords.length} decided by words, the last one ${gapMs.toFixed(0)} ms after the change; ${qdrant.collections.size} collections, of ${[...qdrant.collections.values()].map(({ size }) => size).join(" and ")} numbers`,
      reached: failed + mixed === 0,
    });
    expect([...known.values()].every(({ byVectors }) => byVectors)).toBe(true);
    expect([failed, mixed, isBack()]).toEqual([0, 0, true]);
    expect(await nearestExamples(router)).toEqual(nearest);
    expect([...qdrant.collections.values()].map(({ size }) => size)).toEqual([256, length]);
  },
);
