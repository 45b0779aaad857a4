/**
 * Rows D8 to D10 over HTTP: the services that the router asks fail in every way, or answer what they must not. Messages
 * here name no agent. `LMOS_ADVERSARIAL_REPLIES=100000` makes it row D9's number; the parser alone gets as many in
 * `packages/router`.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { loadStaticModel } from "@lmos/embeddings";
import { SeededRandom } from "@lmos/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { figure } from "./harness/figures.ts";
import {
  type ChatQuestion,
  type ModelService,
  type ServiceFault,
  serviceFaults,
  startModelService,
  type VectorAnswer,
} from "./harness/model-service.ts";
import { type Mode, type RoutedChannels, writeRoutedChannels } from "./harness/routed-channels.ts";
import { type RuntimeProcess, startRuntimeProcess } from "./harness/runtime-process.ts";
import { type ScriptedAgent, startScriptedAgent } from "./harness/scripted-agent.ts";
import { percentile, sendPatiently, sendTurn, type TurnOutcome } from "./harness/turns.ts";

const embedding = await loadStaticModel({ signal: new AbortController().signal });
const modelMs = 1400;
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

interface World extends AsyncDisposable {
  readonly service: ModelService;
  readonly runtime: RuntimeProcess;
}

/** The service has both models; the runtime asks it for vectors only where that is wanted. */
async function startWorld(how: {
  readonly vectorsFromService: boolean;
  readonly limits?: Readonly<Record<string, number>>;
}): Promise<World> {
  const service = await startModelService(embedding);
  const runtime = await startRuntimeProcess({
    routings: { kind: "file", path: channels.path },
    embedding: how.vectorsFromService ? { kind: "service", url: service.url } : { kind: "static" },
    ...(!how.vectorsFromService && { chatModelUrl: service.url }),
    limits: { modelMs, ...how.limits },
  });
  return {
    service,
    runtime,
    [Symbol.asyncDispose]: async () => {
      await runtime[Symbol.asyncDispose]();
      await service[Symbol.asyncDispose]();
    },
  };
}

interface Routed extends TurnOutcome {
  readonly decision: string;
  /** Undefined where the runtime answered itself. */
  readonly agent: string | undefined;
}

let turns = 0;
async function send(mode: Mode, { port }: RuntimeProcess, message = channels.nextMessage()): Promise<Routed> {
  turns += 1;
  const call = { port, turnId: `r${turns}`, content: message, tenant: mode, agent: undefined, explain: true };
  const outcome = await sendPatiently(call);
  const { headers } = outcome;
  return { ...outcome, decision: headers["x-lmos-decision"] ?? "none", agent: headers["x-lmos-agent"] };
}

async function sendMany(count: number, mode: Mode, runtime: RuntimeProcess): Promise<readonly Routed[]> {
  const outcomes: Routed[] = [];
  for (let turn = 0; turn < count; turn++) outcomes.push(await send(mode, runtime));
  return outcomes;
}

const unanswered = (outcomes: readonly Routed[]): number =>
  outcomes.filter(({ status }) => status !== 200).length;

const failuresToRest = 3;
const firstRestMs = 10_000;

/** A model that rests is tried after ten seconds, then after twice as long, and so on: a slow machine gets so far. */
function triesAfterRests(ms: number): number {
  return Math.floor(Math.log2(ms / firstRestMs + 1));
}

/** So many that a p99 is that of ten turns, and not of the one that met a collection of garbage. */
const pairs = 1000;

test.each(Object.keys(serviceFaults) as readonly ServiceFault[])(
  "D8 a language model that gives %s: every turn is answered, three wait, the others do not",
  async (fault) => {
    await using world = await startWorld({ vectorsFromService: false });
    const { service, runtime } = world;
    await sendMany(40, "vector", runtime); // warm
    service.state.fault = fault;
    const before: Watched[] = [];
    for (let turn = 0; turn < failuresToRest; turn++) before.push(await sendWatched(runtime));
    const restsSince = performance.now();
    const { vectors, after } = await inPairs(pairs, runtime);
    const tries = triesAfterRests(performance.now() - restsSince);
    const usual = percentile(vectors, 0.5);
    const extraBefore = Math.max(...before.map(({ ms, plainMs }) => ms - Math.max(usual, plainMs)));
    const extraAfter = percentile(after, 0.5) - usual;
    const extraP99 = percentile(after, 0.99) - percentile(vectors, 0.99);
    const failed = unanswered([...before, ...after]);
    figure({
      row: "D8",
      fault: `the language model gives ${fault}`,
      asked: "100 % answered; extra <= 1.5 s p99 before the breaker, <= 5 ms after",
      seen: `${failed} of ${before.length + after.length} not answered; extra ${extraBefore.toFixed(0)} ms before, after ${extraAfter.toFixed(1)} ms p50 and ${extraP99.toFixed(1)} ms p99; the model was asked ${service.asked.chat} times`,
      reached: failed === 0 && extraBefore <= 1500 && extraP99 <= 5,
    });
    expect(failed).toBe(0);
    expect(service.asked.chat).toBeGreaterThanOrEqual(failuresToRest);
    expect(service.asked.chat).toBeLessThanOrEqual(failuresToRest + tries);
    expect(extraBefore).toBeLessThan(1500);
    expect(extraAfter).toBeLessThan(5);
  },
);

interface Watched extends Routed {
  /** The longest of the turns by vectors alone that ran meanwhile: they are as late as the machine is. */
  readonly plainMs: number;
}

async function sendWatched(runtime: RuntimeProcess): Promise<Watched> {
  const state = { over: false };
  const sent = send("llm", runtime).finally(() => {
    state.over = true;
  });
  const plain: Routed[] = [];
  while (!state.over) {
    plain.push(await send("vector", runtime));
    await sleep(10);
  }
  return { ...(await sent), plainMs: percentile(plain, 1) };
}

/**
 * The same load by vectors alone and where a model is wanted, turn by turn, so that both see the same machine; each goes
 * first as often as the other.
 */
async function inPairs(count: number, runtime: RuntimeProcess) {
  const vectors: Routed[] = [];
  const after: Routed[] = [];
  for (let turn = 0; turn < count; turn++) {
    if (turn % 2 === 0) vectors.push(await send("vector", runtime));
    after.push(await send("llm", runtime));
    if (turn % 2 === 1) vectors.push(await send("vector", runtime));
  }
  return { vectors, after };
}

test("D8 a turn that classifies several times waits for a dead model once", async () => {
  await using world = await startWorld({ vectorsFromService: false });
  world.service.state.fault = "no answer at all";
  const asked = await sendTurn({
    ...{ port: world.runtime.port, turnId: "several", tenant: "llm", agent: undefined },
    messages: [
      { role: "user", content: "it does not work" },
      { role: "assistant", content: "Do you mean billing-agent or network-agent?" },
      { role: "user", content: "my invoice is wrong, and is my parcel on its way?" },
    ],
    content: "",
  });
  figure({
    row: "D8",
    fault: "a dead model, and a turn that is classified several times",
    asked: "extra <= 1.5 s",
    seen: `${asked.status} after ${asked.ms.toFixed(0)} ms`,
    reached: asked.status === 200 && asked.ms <= 1500,
  });
  expect(asked.status).toBe(200);
  expect(asked.ms).toBeLessThan(2 * modelMs + 1000); // a plan has twice the time of a choice, and nothing is asked after it
});

test("D14 a language model is told that the client has left", async () => {
  await using world = await startWorld({ vectorsFromService: false });
  const { service, runtime } = world;
  service.state.fault = "no answer at all";
  const delays: TurnOutcome[] = [];
  for (let turn = 0; turn < 100; turn++) {
    const client = new AbortController();
    const call = { port: runtime.port, turnId: `d14-${turn}`, tenant: "llm", agent: undefined };
    const leaving = sendTurn({ ...call, content: channels.nextMessage(), signal: client.signal });
    await expect.poll(() => service.waiting, { interval: 2 }).toBe(1);
    const leftAt = performance.now();
    client.abort();
    await expect.poll(() => service.waiting, { interval: 2 }).toBe(0);
    delays.push({ ...(await leaving), ms: performance.now() - leftAt });
  }
  const p99 = percentile(delays, 0.99);
  figure({
    row: "D14",
    fault: "the client leaves while the language model thinks",
    asked: "its call is aborted <= 200 ms p99",
    seen: `${delays.length} turns: p50 ${percentile(delays, 0.5).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
    reached: p99 <= 200,
  });
  expect(p99).toBeLessThan(200);
});

/** Several of a message that is divided. */
function agentsOf({ agent: names = "" }: Routed): readonly string[] {
  return names.split(/,\s*/).filter((name) => name !== "");
}

type Reply = (question: ChatQuestion, random: SeededRandom) => unknown;

/** None of them is the one id of a candidate, alone. */
const adversarial: readonly Reply[] = [
  () => '{"id":"c99"}',
  () => '{"id":"billing-agent"}',
  () => '{"id":"agent-of-another-tenant","question":null}',
  ({ descriptions }) => JSON.stringify({ id: descriptions[0] }),
  ({ ids }) => `The best one is ${ids[0]}.`,
  ({ ids }) => ids[0],
  () => '```json\n{"id":"c99"}\n```',
  () => '<answer>{"id":"billing-agent"}</answer>',
  ({ ids }) => ids.map((id) => `\`\`\`json\n{"id":"${id}"}\n\`\`\``).join("\n"),
  () => "I am sorry, but I cannot help with that.",
  ({ ids }) => JSON.stringify({ id: ids.slice(0, 2) }),
  ({ ids }) => JSON.stringify({ id: ids.slice(0, 2).join(",") }),
  ({ ids }) => ids.map((id) => JSON.stringify({ id })).join("\n"),
  ({ ids }) => JSON.stringify({ id: ids[0], agent: "outsider" }),
  ({ ids }) => JSON.stringify({ id: ` ${ids[0]} ` }),
  ({ ids }) => JSON.stringify({ id: ids[0]?.toUpperCase() }),
  () => '{"id":"__proto__"}',
  () => '{"__proto__":{"id":"c1"}}',
  () => '{"id":null}',
  () => '{"id":1}',
  () => "",
  () => null,
  () => ({ id: "c1" }),
  ({ ids }) => JSON.stringify({ id: ids[0], question: "x".repeat(2000) }),
  (_question, random) => String.fromCharCode(...Array.from({ length: 30 }, () => random.next() * 0xd7ff)),
];

const replies = Number(process.env["LMOS_ADVERSARIAL_REPLIES"] ?? 2000);

test("D9 whatever the language model answers, only what it was offered counts", {
  timeout: 600_000,
}, async () => {
  await using world = await startWorld({
    vectorsFromService: false,
    limits: { modelCallsPerMinute: 1_000_000 },
  });
  const { service, runtime } = world;
  const random = new SeededRandom(9);
  service.state.answer = (question) => {
    const reply = adversarial[Math.floor(random.next() * adversarial.length)];
    return reply?.(question, random);
  };
  const state = { sent: 0, others: 0, failed: 0, outside: 0 };
  const client = async (): Promise<void> => {
    while (state.sent < replies) {
      state.sent += 1;
      const message = channels.nextMessage();
      const byVectors = await send("vector", runtime, message);
      const byModel = await send("llm", runtime, message);
      state.failed += unanswered([byVectors, byModel]);
      if (byModel.agent !== byVectors.agent || byModel.decision !== byVectors.decision) state.others += 1;
      if (agentsOf(byModel).some((name) => !channels.agents.includes(name))) state.outside += 1;
    }
  };
  await Promise.all(Array.from({ length: 8 }, client));
  figure({
    row: "D9",
    fault: "unknown ids, names, prose, refusals, two ids, other JSON, and noise",
    asked: "0 turns to non-candidates in 1e5 replies",
    seen: `${service.asked.chat} replies of ${adversarial.length} kinds over HTTP: ${state.outside} turns to agents that are not wired, ${state.others} that vectors alone would have decided otherwise, ${state.failed} not answered`,
    reached: state.outside + state.others + state.failed === 0,
  });
  expect(state).toMatchObject({ others: 0, failed: 0, outside: 0 });
  expect(service.asked.chat).toBeGreaterThan(replies * 0.9); // a message that nobody can read is not asked about
});

const distortions: Readonly<Record<string, (answer: VectorAnswer) => unknown>> = {
  "numbers that are none": ({ model, data }) => ({
    model,
    data: data.map((each) => ({ ...each, embedding: ["NAN", ...each.embedding.slice(1)] })),
  }),
  "infinite numbers": ({ model, data }) => ({
    model,
    data: data.map((each) => ({ ...each, embedding: ["INFINITE", ...each.embedding.slice(1)] })),
  }),
  "too few vectors": ({ model, data }) => ({ model, data: data.slice(1) }),
};

// Most of them wait for time-outs: several at once.
test.concurrent.each([...Object.keys(serviceFaults), ...Object.keys(distortions)])(
  "D10 a service of vectors that gives %s: every turn is answered, and nothing is compared",
  async (fault) => {
    await using world = await startWorld({ vectorsFromService: true });
    const { service, runtime } = world;
    const well = await sendMany(20, "vector", runtime);
    const distort = distortions[fault];
    if (distort === undefined) service.state.fault = fault as ServiceFault;
    else service.state.distort = distort;
    const first = await sendMany(failuresToRest, "vector", runtime);
    const after = await sendMany(50, "vector", runtime);
    const failed = unanswered([...first, ...after]);
    const compared = [...first, ...after].filter(({ decision }) => decision === "accept").length;
    const slowest = percentile(first, 1);
    const extra = percentile(after, 0.5) - percentile(well, 0.5);
    figure({
      row: "D10",
      fault: `the service of vectors gives ${fault}`,
      asked: "vectors rejected, the turn goes to the fallback; 0 comparisons between models",
      seen: `${failed} of ${first.length + after.length} not answered, ${compared} decided by such vectors; the first three took ${slowest.toFixed(0)} ms at most, the others ${extra.toFixed(1)} ms more than usual (p50)`,
      reached: failed + compared === 0,
    });
    expect(well.filter(({ decision }) => decision === "accept").length).toBeGreaterThan(3);
    expect([failed, compared]).toEqual([0, 0]);
    expect(slowest).toBeLessThan(2000);
  },
);
