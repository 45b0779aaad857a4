/** Row D22: clients that send their headers or bodies drop by drop, and more headers than there may be. */
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { figure } from "./harness/figures.ts";
import { openLoad } from "./harness/open-load.ts";
import { startRuntimeProcess } from "./harness/runtime-process.ts";
import { type ScriptedAgent, startScriptedAgent } from "./harness/scripted-agent.ts";
import { openSlowClients } from "./harness/slow-clients.ts";
import { percentile, type TurnOutcome } from "./harness/turns.ts";

let agent: ScriptedAgent;

beforeAll(async () => {
  agent = await startScriptedAgent();
});

afterAll(() => agent[Symbol.asyncDispose]());

const slowConnections = 2000;
/** The time-outs are held against connections every second; a second more for so many of them. */
const heldEveryMs = 2000;
const head =
  "POST /apis/v1/acme/chat/c/message HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-turn-id: t\r\n";

function steadily(port: number, name: string, ms: number): Promise<readonly TurnOutcome[]> {
  // Patiently: a machine that is busy with other things refuses turns for a moment, with or without slow clients.
  return openLoad({ port, name, perSecond: 100, ms, content: "hello", patient: true });
}

test("D22 two thousand clients that never finish their headers or bodies are cut off, and slow nobody", async () => {
  await using runtime = await startRuntimeProcess({ agents: { agent: [agent.port] } });
  const { port } = runtime;
  await steadily(port, "warm", 2000);
  const before = await steadily(port, "before", 4000);
  const slow = await openSlowClients(port, slowConnections);
  const beside = await steadily(port, "beside", 8000);
  const closed = await slow.closed;
  const alone = [...before, ...(await steadily(port, "after", 4000))];
  const failed = [...alone, ...beside].filter(({ status }) => status !== 200).length;
  const [usual, during] = [percentile(alone, 0.99), percentile(beside, 0.99)];
  const [headers, bodies] = [0, 1].map((half) => Math.max(...closed.filter((_, each) => each % 2 === half)));
  figure({
    row: "D22",
    fault: `${slowConnections} clients that send headers or bodies drop by drop`,
    asked: "legitimate p99 + <= 20 %; headers in 10 s, bodies in 15 s",
    seen: `${failed} of ${alone.length + beside.length} turns failed; p50 ${percentile(alone, 0.5).toFixed(1)} and p99 ${usual.toFixed(1)} ms alone, ${percentile(beside, 0.5).toFixed(1)} and ${during.toFixed(1)} ms beside; the last slow one was cut off after ${seconds(headers)} s in its headers, ${seconds(bodies)} s in its body`,
    reached:
      failed === 0 &&
      during <= 1.2 * usual &&
      headers !== undefined &&
      bodies !== undefined &&
      headers <= 10_000 + heldEveryMs &&
      bodies <= 15_000 + heldEveryMs,
  });
  expect(failed).toBe(0);
  // However busy the machine is.
  expect(headers).toBeLessThan(20_000);
  expect(bodies).toBeLessThan(25_000);
});

const seconds = (ms = 0): string => (ms / 1000).toFixed(1);

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
    await raw(port, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), // HTTP/2 is not spoken: there is nothing to reset rapidly
    await raw(port, `${get}\r\n`.repeat(500)),
    await raw(port, `${head}content-length: ${2 ** 30}\r\n\r\n{`),
  ].map((line) => line.split(" ")[1]);
  const grown = (await runtime.usage()).held - before;
  const after = await steadily(port, "after", 500);
  const failed = after.filter(({ status }) => status !== 200).length;
  const expected = ["431", "431", "400", "400", "400", "200", "413"];
  figure({
    row: "D22",
    fault: "a header of 64 KiB, 5,000 headers, none, nonsense, HTTP/2, 500 requests at once, a body of 1 GiB",
    asked: "refused at once, or answered; <= 100 headers, body <= 1 MiB",
    seen: `${answers.join(", ")}; memory ${(grown / 2 ** 20).toFixed(1)} MiB more; ${failed} of ${after.length} turns failed afterwards`,
    reached: answers.join() === expected.join() && failed === 0,
  });
  expect(answers).toEqual(expected);
  expect(failed).toBe(0);
});
