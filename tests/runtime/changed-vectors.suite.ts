/**
 * Row D10, the second half: the model behind a service of vectors changes while turns run. Both models of the service give
 * vectors that resemble each other as the built-in model's do, each in numbers of its own order: decisions stay the same as
 * long as message and index are of one model, and are chance where they are not.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { loadStaticModel } from "@lmos/embeddings";
import { afterAll, beforeAll, expect, test } from "vitest";
import { figure } from "./harness/figures.ts";
import { type ModelService, startModelService, type VectorAnswer } from "./harness/model-service.ts";
import { type RoutedChannels, writeRoutedChannels } from "./harness/routed-channels.ts";
import { type RuntimeProcess, startRuntimeProcess } from "./harness/runtime-process.ts";
import { type ScriptedAgent, startScriptedAgent } from "./harness/scripted-agent.ts";
import { sendPatiently, type TurnOutcome } from "./harness/turns.ts";

const embedding = await loadStaticModel({ signal: new AbortController().signal });
let agent: ScriptedAgent;
let channels: RoutedChannels;

beforeAll(async () => {
  agent = await startScriptedAgent();
  channels = await writeRoutedChannels(agent.port);
});

afterAll(async () => {
  channels[Symbol.dispose]();
  await agent[Symbol.asyncDispose]();
});

const reversed = ({ data }: VectorAnswer): VectorAnswer => ({
  model: "stub-2",
  data: data.map(({ index, embedding: numbers }) => ({ index, embedding: numbers.toReversed() })),
});
const longer = ({ model, data }: VectorAnswer): VectorAnswer => ({
  model,
  data: data.map(({ index, embedding: numbers }) => ({ index, embedding: [0, 0, ...numbers.toReversed()] })),
});
/** The name and the length are those of before: only the numbers tell. */
const silent = ({ model, data }: VectorAnswer): VectorAnswer => ({ ...reversed({ model, data }), model });
/** Two servers behind one address, asked in turn. */
function alternating(): (answer: VectorAnswer) => VectorAnswer {
  let asked = 0;
  return (answer) => (asked++ % 2 === 0 ? reversed(answer) : answer);
}

interface Change {
  readonly name: string;
  readonly distort: () => (answer: VectorAnswer) => VectorAnswer;
  /** Milliseconds until the service is all of the new model, where it is not at once. */
  readonly settlesAfterMs?: number;
  readonly mostMs: number;
}

/** Beyond `mostMs` something is stuck: on a quiet machine it is a tenth of it. */
const changes: readonly Change[] = [
  { name: "says that it has another model", distort: () => reversed, mostMs: 10_000 },
  { name: "gives longer vectors under the same name", distort: () => longer, mostMs: 10_000 },
  {
    name: "gives vectors of another model under the same name, of the same length",
    distort: () => silent,
    mostMs: 10_000,
  },
  {
    name: "goes back and forth for three seconds, and then stays with another model",
    distort: alternating,
    settlesAfterMs: 3000,
    mostMs: 40_000,
  },
];

/** A turn with its time, and what was decided by vectors, if anything. */
interface Sent {
  readonly at: number;
  readonly outcome: TurnOutcome;
  readonly byVectors: boolean;
  readonly agent: string | undefined;
  readonly decision: string | undefined;
}

let turns = 0;
async function send(content: string, { port }: RuntimeProcess): Promise<Sent> {
  turns += 1;
  const at = performance.now();
  const call = { port, turnId: `v${turns}`, content, tenant: "vector", agent: undefined, explain: true };
  const outcome = await sendPatiently(call);
  const { headers } = outcome;
  const byVectors = headers["x-lmos-stage"] === "vector";
  return { at, outcome, byVectors, agent: headers["x-lmos-agent"], decision: headers["x-lmos-decision"] };
}

/** What vectors of one model decide about each message. */
type Known = ReadonlyMap<string, Sent>;

async function decideOnce(runtime: RuntimeProcess): Promise<Known> {
  const known = new Map<string, Sent>();
  for (let message = 0; message < 40; message++) {
    const content = channels.nextMessage();
    known.set(content, await send(content, runtime));
  }
  return known;
}

/** Sends the messages again and again from four clients until it is told to stop. */
function load(known: Known, runtime: RuntimeProcess) {
  const sent: { readonly content: string; readonly turn: Sent }[] = [];
  const contents = [...known.keys()];
  let isRunning = true;
  let next = 0;
  const client = async (): Promise<void> => {
    while (isRunning) {
      const content = contents[next++ % contents.length] ?? "";
      sent.push({ content, turn: await send(content, runtime) });
    }
  };
  const clients = Promise.all(Array.from({ length: 4 }, client));
  const stop = async (): Promise<void> => {
    isRunning = false;
    await clients;
  };
  return { sent, stop };
}

async function settle(service: ModelService, { distort, settlesAfterMs = 0 }: Change): Promise<number> {
  service.state.distort = distort() as ModelService["state"]["distort"];
  if (settlesAfterMs > 0) {
    await sleep(settlesAfterMs);
    service.state.distort = reversed;
  }
  return performance.now();
}

test.each(changes)(
  "D10 a service of vectors that $name: no turn fails, none is compared with two models",
  {
    timeout: 120_000,
  },
  async (change) => {
    await using service = await startModelService(embedding);
    await using runtime = await startRuntimeProcess({
      routings: { kind: "file", path: channels.path },
      embedding: { kind: "service", url: service.url },
    });
    const known = await decideOnce(runtime);
    const { sent, stop } = load(known, runtime);
    await sleep(500);
    const changedAt = performance.now();
    const askedBefore = service.asked.vectors;
    const settledAt = await settle(service, change);
    const isBack = (): boolean => {
      const round = sent.filter(({ turn }) => turn.at > settledAt).slice(-known.size);
      return round.length === known.size && round.every(({ turn }) => turn.byVectors);
    };
    await expect.poll(isBack, { interval: 50, timeout: change.mostMs }).toBe(true);
    await stop();
    const failed = sent.filter(({ turn }) => turn.outcome.status !== 200).length;
    const mixed = sent.filter(({ content, turn }) => {
      const expected = known.get(content);
      return turn.byVectors && (turn.agent !== expected?.agent || turn.decision !== expected?.decision);
    }).length;
    const fellBack = sent.filter(({ turn }) => !turn.byVectors);
    const gapMs = Math.max(0, ...fellBack.map(({ turn }) => turn.at + turn.outcome.ms - settledAt));
    figure({
      row: "D10",
      fault: `the service of vectors ${change.name}, under load`,
      asked: "0 comparisons between models; indexes of the new one beside the old, swap without gap",
      seen: `${failed} of ${sent.length} turns not answered, ${mixed} compared with another model; ${fellBack.length} went to the fallback, the last one ${gapMs.toFixed(0)} ms after the service had its new model; ${service.asked.vectors - askedBefore} requests in ${((performance.now() - changedAt) / 1000).toFixed(1)} s`,
      reached: failed + mixed === 0,
    });
    const accepted = [...known.values()].filter(({ decision }) => decision === "accept").length;
    expect(accepted).toBeGreaterThan(5);
    expect([failed, mixed]).toEqual([0, 0]);
  },
);
