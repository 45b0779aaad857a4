/** Rows D16 and D17: a runtime stops, or is killed, while turns run; the ledger of both sides must agree. */
import { expect, test } from "vitest";
import { GraphqlCaller } from "../../packages/runtime/src/testing/graphql-caller.ts";
import { figure } from "./harness/figures.ts";
import { type RuntimeProcess, startRuntimeProcess } from "./harness/runtime-process.ts";
import { type ScriptedAgent, startScriptedAgent } from "./harness/scripted-agent.ts";
import { sendTurn, type TurnOutcome } from "./harness/turns.ts";

interface Pair extends AsyncDisposable {
  readonly agent: ScriptedAgent;
  readonly first: RuntimeProcess;
  readonly second: RuntimeProcess;
}

async function startPair(limits: Readonly<Record<string, number>>): Promise<Pair> {
  const agent = await startScriptedAgent();
  const agents = { agent: [agent.port] };
  const [first, second] = await Promise.all([
    startRuntimeProcess({ agents, limits }),
    startRuntimeProcess({ agents, limits }),
  ]);
  return {
    ...{ agent, first, second },
    [Symbol.asyncDispose]: async () => {
      for (const part of [first, second, agent]) await part[Symbol.asyncDispose]();
    },
  };
}

interface Sent {
  readonly outcome: TurnOutcome;
  readonly tries: number;
}

/** As a client does that was told to come back: once more, under the same turn id, at the other runtime. */
async function sendWithRetry(turnId: string, ports: readonly [number, number]): Promise<Sent> {
  const [port, otherPort] = ports;
  const outcome = await sendTurn({ port, turnId, content: "!wait 20" });
  if (outcome.status === 200) return { outcome, tries: 1 };
  return { outcome: await sendTurn({ port: otherPort, turnId, content: "!wait 20" }), tries: 2 };
}

/** Twenty clients, each with one turn after the other, first at the first runtime; `disturb` comes midway. */
async function runClients({ first, second }: Pair, disturb: () => Promise<void>): Promise<readonly Sent[]> {
  const state = { gone: false };
  const all: Sent[] = [];
  const client = async (name: number): Promise<void> => {
    for (let turn = 0; turn < 60; turn++) {
      const turnId = `${name}-${turn}`;
      const ports = state.gone ? ([second.port, second.port] as const) : ([first.port, second.port] as const);
      all.push(await sendWithRetry(turnId, ports));
      if (name === 0 && turn === 25) {
        void disturb().then(() => {
          state.gone = true;
        });
      }
    }
  };
  await Promise.all(Array.from({ length: 20 }, (_, name) => client(name)));
  return all;
}

const lost = (all: readonly Sent[]): number => all.filter(({ outcome }) => outcome.status !== 200).length;
const retried = (all: readonly Sent[]): number => all.filter(({ tries }) => tries > 1).length;

test("D16 a runtime that stops finishes what it began, and loses nothing", async () => {
  await using pair = await startPair({});
  const running = sendTurn({ port: pair.first.port, turnId: "long", content: "!wait 1500" });
  await expect.poll(() => pair.agent.ledger.asked.includes("long")).toBe(true);
  const all = await runClients(pair, () => pair.first.stop());
  const doubled = pair.agent.ledger.asked.length - new Set(pair.agent.ledger.asked).size;
  const finished = (await running).status;
  figure({
    row: "D16",
    fault: "SIGTERM under load",
    asked: "lost 0, 5xx 0 for clients that try once more as told; running turns are finished",
    seen: `${all.length} turns: lost ${lost(all)}, doubled ${doubled}, ${retried(all)} sent again; the one that ran for 1.5 s ended with ${finished}`,
    reached: lost(all) === 0 && doubled === 0 && finished === 200,
  });
  expect(finished).toBe(200);
  expect([lost(all), doubled]).toEqual([0, 0]);
});

test("D16 turns that outlast the drain are ended with an error that says so", async () => {
  await using pair = await startPair({ drainMs: 200 });
  const running = sendTurn({ port: pair.first.port, turnId: "long", content: "!hang", stream: true });
  using socket = await GraphqlCaller.acknowledged(`http://127.0.0.1:${pair.first.port}`);
  await expect.poll(() => pair.agent.ledger.asked.includes("long")).toBe(true);
  await pair.first.stop();
  const { body } = await running;
  const closedWith = await socket.closed();
  const code = /"code":"(\w+)"/.exec(body)?.[1];
  figure({
    row: "D16",
    fault: "a turn outlasts the drain",
    asked: "error server_shutdown that may be sent again; sockets closed with 1001",
    seen: `${code}, retryable ${body.includes('"retryable":true')}; a socket with ${closedWith}`,
    reached: code === "server_shutdown" && body.includes('"retryable":true') && closedWith === 1001,
  });
  expect(code).toBe("server_shutdown");
  expect(body).toContain('"retryable":true');
  expect(closedWith).toBe(1001);
});

test("D17 of a runtime that is killed nothing is lost but what was in flight, and that is answered once re-sent", async () => {
  await using pair = await startPair({});
  const all = await runClients(pair, () => pair.first.kill());
  const asked = new Map<string, number>();
  for (const turnId of pair.agent.ledger.asked) asked.set(turnId, (asked.get(turnId) ?? 0) + 1);
  const thrice = [...asked.values()].filter((times) => times > 2).length;
  figure({
    row: "D17",
    fault: "SIGKILL under load, clients know the other runtime",
    asked: "lost 0 after one re-send; interrupted is what was in flight there",
    seen: `${all.length} turns: ${retried(all)} cut or refused, lost ${lost(all)}; ${thrice} asked more often than sent`,
    reached: lost(all) === 0 && thrice === 0,
  });
  expect(lost(all)).toBe(0);
  expect(thrice).toBe(0);
});
