/**
 * Rows D4 and D5: agents that send what they must not, and more than they may. `LMOS_FUZZED_FRAMES=1000000` makes it
 * the row's million; without it, it is a fifth of that.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { figure } from "./harness/figures.ts";
import { type RuntimeProcess, startRuntimeProcess } from "./harness/runtime-process.ts";
import { type ScriptedAgent, startScriptedAgent } from "./harness/scripted-agent.ts";
import { sendPatiently, sendTurn, type TurnOutcome } from "./harness/turns.ts";

let agent: ScriptedAgent;
let runtime: RuntimeProcess;

beforeAll(async () => {
  agent = await startScriptedAgent();
  // With the usual deadlines: a machine that is busy with the fuzz answers late, which is not what these rows ask for.
  runtime = await startRuntimeProcess({ agents: { agent: [agent.port] } });
});

afterAll(async () => {
  await runtime[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});

let turns = 0;
/** A machine that is busy with the fuzz refuses turns: that is no garbage. */
function send(content: string): Promise<TurnOutcome> {
  turns += 1;
  return sendPatiently({ port: runtime.port, turnId: `f${turns}-`, content, stream: true });
}

const codeOf = ({ body }: TurnOutcome): string => /"code":"(\w+)"/.exec(body)?.[1] ?? "none";
const endOf = (outcome: TurnOutcome): string => `${outcome.status} ${codeOf(outcome)}`;

/** Of 50 plain turns: how many were shown another's answer, and how those ended that were not shown their own. */
async function afterwards(): Promise<{ readonly mixed: number; readonly failures: readonly string[] }> {
  const after = await Promise.all(Array.from({ length: 50 }, () => send("hello")));
  const isForeign = ({ body, turnId }: TurnOutcome): boolean =>
    (body.match(/answer to [^"]*"/g) ?? []).some((answer) => answer !== `answer to ${turnId}"`);
  const failed = after.filter(({ body, turnId }) => !body.includes(`answer to ${turnId}"`));
  return {
    mixed: after.filter(isForeign).length,
    failures: failed.map(endOf),
  };
}

const next = (payload: unknown): string => JSON.stringify({ type: "next", id: "$id", payload });
const garbage = [
  { name: "no JSON", text: "not json" },
  { name: "a list", text: "[]" },
  { name: "an empty object", text: "{}" },
  { name: "no id", text: '{"type":"next"}' },
  { name: "no payload", text: '{"type":"next","id":"$id"}' },
  { name: "another type", text: '{"type":"bogus","id":"$id"}' },
  { name: "another schema", text: next({ data: { agent: { messages: 7 } } }) },
  { name: "deep nesting", text: `${"[".repeat(100)}${"]".repeat(100)}` },
  { name: "deep nesting inside", text: next(JSON.parse(`${"[".repeat(40)}${"]".repeat(40)}`)) },
  { name: "bytes", raw: "8203010203" },
  { name: "bad UTF-8", raw: "8103fffefd" },
  { name: "a reserved code", raw: "830161" },
  { name: "a masked frame", raw: "818100000000" },
];

test("D4 garbage fails its turn alone, with a code", async () => {
  const outcomes = await Promise.all(
    garbage.map(({ text, raw }) => send(raw === undefined ? `!frame ${text}` : `!raw ${raw}`)),
  );
  const codes = outcomes.map(codeOf);
  const others = garbage
    .filter((_, index) => codes[index] !== "agent_protocol_error")
    .map(({ name }) => name);
  const { mixed, failures } = await afterwards();
  figure({
    row: "D4",
    fault: "garbage of each kind",
    asked: "agent_protocol_error; nothing reaches another turn",
    seen: `${garbage.length} kinds, ${garbage.length - others.length} of them agent_protocol_error${others.length > 0 ? ` (not so: ${others.join(", ")})` : ""}; ${mixed} answers mixed up`,
    reached: others.length === 0 && mixed === 0 && failures.length === 0,
  });
  expect(others).toEqual([]);
  expect({ mixed, failures }).toEqual({ mixed: 0, failures: [] });
});

/** Frames of the fuzz ended it: a broken one, one that ends what had only begun, or some that happen to be an answer. */
const metTheFuzz = (outcome: TurnOutcome): boolean =>
  ["200 agent_protocol_error", "200 no_answer"].includes(endOf(outcome)) ||
  /^event: turn-end$/m.test(outcome.body);

const frames = Number(process.env["LMOS_FUZZED_FRAMES"] ?? 200_000);
const framesPerTurn = 60;

test("D4 fuzzed frames crash nothing, reach no other turn and forge no event", {
  timeout: 300_000,
}, async () => {
  const outcomes: TurnOutcome[] = [];
  const count = Math.ceil(frames / framesPerTurn);
  const client = async (name: number): Promise<void> => {
    for (let seed = name; seed < count; seed += 16) {
      outcomes.push(await send(`!fuzz ${seed} ${framesPerTurn}`));
    }
  };
  await Promise.all(Array.from({ length: 16 }, (_, name) => client(name)));
  const forged = outcomes.filter(({ body }) => /^event: forged$/m.test(body)).length;
  const leaked = outcomes.filter(({ body, turnId }) => {
    const markers = body.match(/secret-of-[\w-]+\./g) ?? [];
    return markers.some((marker) => marker !== `secret-of-${turnId}.`);
  }).length;
  const unmet = outcomes.filter((outcome) => !metTheFuzz(outcome)).map(endOf);
  const ends = outcomes.filter(({ body }) => (body.match(/^event: (turn-end|error)$/gm) ?? []).length !== 1);
  const { mixed, failures } = await afterwards();
  figure({
    row: "D4",
    fault: "fuzzed frames, half of them of other turns",
    asked: "1e6 frames: 0 crashes, 0 leaks into another turn, 0 forged events",
    seen: `${count * framesPerTurn} frames in ${count} turns: 0 crashes, ${leaked} leaks, ${forged} forged events, ${ends.length} turns without exactly one end, ${unmet.length} that the fuzz did not end; ${mixed} of 50 answers mixed up afterwards`,
    reached: forged + leaked + ends.length + unmet.length + mixed + failures.length === 0,
  });
  expect({ forged, leaked, ends: ends.length, mixed }).toEqual({ forged: 0, leaked: 0, ends: 0, mixed: 0 });
  expect({ unmet, failures }).toEqual({ unmet: [], failures: [] });
});

const megabyte = 2 ** 20;

test("D5 answers that are too large, in each way that there is, are cut, and memory stays bounded", async () => {
  const { held: before } = await runtime.usage();
  const floods = Promise.all(Array.from({ length: 10 }, () => send("!flood")));
  const seen: number[] = [];
  const state = { ended: false };
  void floods.then(() => {
    state.ended = true;
  });
  while (!state.ended) seen.push((await runtime.usage()).held - before);
  const most = Math.max(...seen);
  const flooded = await floods;
  const huge = await send("!huge");
  const bomb = await send("!raw c103010203"); // marked as compressed, which was not agreed on
  const length = await send("!raw 817f0000000040000000"); // announces 1 GiB
  const codes = [...flooded, huge, length].map(codeOf);
  const perTurn = most / flooded.length;
  figure({
    row: "D5",
    fault: "an endless answer, a huge frame, one that announces 1 GiB, one that is compressed",
    asked: "response_too_large; memory + <= 2 x 4 MiB a turn; nothing is decompressed",
    seen: `${[...new Set(codes)].join(", ")}, compressed: ${codeOf(bomb)}; at most ${(perTurn / megabyte).toFixed(1)} MiB a turn with 10 at once`,
    reached: codes.every((code) => code === "response_too_large") && perTurn <= 8 * megabyte,
  });
  expect(new Set(codes)).toEqual(new Set(["response_too_large"]));
  expect(codeOf(bomb)).toBe("agent_protocol_error");
  expect(perTurn).toBeLessThanOrEqual(8 * megabyte);
});

test("D5 an upgrade with too long headers is none", async () => {
  await using own = await startScriptedAgent();
  await using fresh = await startRuntimeProcess({ agents: { agent: [own.port] } });
  own.refuse(`101 Switching Protocols\r\nx-long: ${"y".repeat(megabyte)}`);
  const { held: before } = await fresh.usage();
  const outcome = await sendTurn({ port: fresh.port, turnId: "long", content: "hello" });
  const grown = (await fresh.usage()).held - before;
  figure({
    row: "D5",
    fault: "a header of 1 MiB",
    asked: "the turn fails, memory + <= 2 x 4 MiB",
    seen: `${outcome.status}, ${(grown / megabyte).toFixed(1)} MiB`,
    reached: outcome.status === 503 && grown <= 8 * megabyte,
  });
  expect(outcome.status).toBe(503);
  expect(grown).toBeLessThanOrEqual(8 * megabyte);
});
