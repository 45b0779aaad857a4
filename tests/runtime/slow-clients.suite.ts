/** Row D22: clients that send their headers or bodies drop by drop, and more headers than there may be. */
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { figure } from "./harness/figures.ts";
import { startRuntimeProcess } from "./harness/runtime-process.ts";
import { type ScriptedAgent, startScriptedAgent } from "./harness/scripted-agent.ts";
import { percentile, sendTurn, type TurnOutcome } from "./harness/turns.ts";

let agent: ScriptedAgent;

beforeAll(async () => {
  agent = await startScriptedAgent();
});

afterAll(() => agent[Symbol.asyncDispose]());

const slowConnections = 2000;
const head =
  "POST /apis/v1/acme/chat/c/message HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-turn-id: t\r\n";

interface Slow {
  readonly socket: Socket;
  readonly closedAfter: Promise<number>;
}

/** Opens a connection and sends a start. */
function openSlow(port: number, start: string): Slow {
  const openedAt = performance.now();
  const socket = connect(port, "127.0.0.1");
  const { promise, resolve } = Promise.withResolvers<number>();
  socket.on("error", () => undefined);
  socket.on("close", () => resolve(performance.now() - openedAt));
  socket.resume();
  socket.write(start);
  return { socket, closedAfter: promise };
}

async function steadily(port: number, name: string, ms: number): Promise<readonly TurnOutcome[]> {
  const outcomes: Promise<TurnOutcome>[] = [];
  const startedAt = performance.now();
  for (let each = 0; performance.now() - startedAt < ms; each++) {
    outcomes.push(sendTurn({ port, turnId: `${name}-${each}`, content: "hello" }));
    await sleep(20);
  }
  return Promise.all(outcomes);
}

test("D22 two thousand clients that never finish their headers or bodies are cut off, and slow nobody", async () => {
  await using runtime = await startRuntimeProcess({ agents: { agent: [agent.port] } });
  const { port } = runtime;
  await steadily(port, "warm", 1000);
  const alone = await steadily(port, "alone", 4000);
  const slow = Array.from({ length: slowConnections }, (_, each) =>
    openSlow(port, each % 2 === 0 ? head : `${head}content-length: 1000\r\n\r\n{`),
  );
  const dripping = setInterval(() => {
    for (const { socket } of slow) if (socket.writable) socket.write("x");
  }, 1000);
  await sleep(500); // opening them all takes the machine a moment
  const beside = await steadily(port, "beside", 4000);
  const closed = await Promise.all(slow.map(({ closedAfter }) => closedAfter));
  clearInterval(dripping);
  const failed = [...alone, ...beside].filter(({ status }) => status !== 200).length;
  const [before, during] = [percentile(alone, 0.99), percentile(beside, 0.99)];
  figure({
    row: "D22",
    fault: `${slowConnections} clients that send headers or bodies drop by drop`,
    asked: "legitimate p99 + <= 20 %; headers in 10 s, bodies in 15 s",
    seen: `${failed} of ${alone.length + beside.length} turns failed; p99 ${before.toFixed(1)} ms alone, ${during.toFixed(1)} ms beside; the last slow one was cut off after ${(Math.max(...closed) / 1000).toFixed(1)} s`,
    reached: failed === 0 && during <= 1.2 * before,
  });
  expect(failed).toBe(0);
  expect(Math.max(...closed)).toBeLessThan(25_000); // the time-outs are held against connections every 5 s
});

/** The status line that a raw request is answered with; empty when it is not answered. */
function raw(port: number, request: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  const { promise, resolve } = Promise.withResolvers<string>();
  socket.on("error", () => undefined);
  socket.once("data", (data) => resolve(String(data).split("\r\n")[0] ?? ""));
  socket.once("close", () => resolve(""));
  socket.write(request);
  return promise.finally(() => socket.destroy());
}

test("D22 floods of headers, pipelined requests and unfinished lines end well", async () => {
  await using runtime = await startRuntimeProcess({ agents: { agent: [agent.port] } });
  const { port } = runtime;
  const get = "GET /livez HTTP/1.1\r\nhost: x\r\n";
  const headers = Array.from({ length: 5000 }, (_, at) => `x-${at}: y\r\n`).join("");
  const { held: before } = await runtime.usage();
  const answers = [
    await raw(port, `${get}x-long: ${"y".repeat(64 * 1024)}\r\n\r\n`),
    await raw(port, `${get}${headers}\r\n`),
    await raw(port, "GET /livez HTTP/1.1\r\n\r\n"), // names no host
    await raw(port, "NONSENSE\r\n\r\n"),
    await raw(port, `${get}\r\n`.repeat(500)),
    await raw(port, `${head}content-length: ${2 ** 30}\r\n\r\n{`),
  ].map((line) => line.split(" ")[1]);
  const grown = (await runtime.usage()).held - before;
  const after = await steadily(port, "after", 500);
  const failed = after.filter(({ status }) => status !== 200).length;
  const expected = ["400", "400", "400", "400", "200", "413"];
  figure({
    row: "D22",
    fault: "a header of 64 KiB, 5,000 headers, none, nonsense, 500 requests at once, a body of 1 GiB",
    asked: "refused at once, or answered; <= 100 headers, body <= 1 MiB",
    seen: `${answers.join(", ")}; memory ${(grown / 2 ** 20).toFixed(1)} MiB more; ${failed} of ${after.length} turns failed afterwards`,
    reached: answers.join() === expected.join() && failed === 0,
  });
  expect(answers).toEqual(expected);
  expect(failed).toBe(0);
});
