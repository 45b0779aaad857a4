/**
 * O13: agents that mean harm, beside good ones, to an operator that is a process of its own. And more of them that accept a
 * connection and never answer than anybody has workers for: they delay no other object.
 */
import { readFileSync } from "node:fs";
import type { RequestListener, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { eventually, pause } from "../faults/harness/eventually.ts";
import { report, seconds } from "../faults/harness/figures.ts";
import type { Program } from "../faults/harness/program.ts";
import { inTurns } from "./harness/in-turns.ts";
import { OperatorWorld } from "./harness/operator-world.ts";
import { startOperatorProgram } from "./harness/start-operator-program.ts";
import { testServers } from "./operations/test-servers.ts";

const json = { "content-type": "application/json" };
const bomb = gzipSync(Buffer.alloc(16 * 1024 * 1024));
const document = (capability: string) =>
  JSON.stringify({ supportedChannels: ["web"], capabilities: [{ name: capability, version: "1.0.0" }] });
const good: RequestListener = (_, response) => void response.writeHead(200, json).end(document("bill"));
const hangs: RequestListener = () => undefined;

/** What each of them does with every request. */
const hostile: Readonly<Record<string, RequestListener>> = {
  hangs,
  "hangs-too": hangs,
  drips: (_, response) => void response.writeHead(200, json).write("{"),
  floods: (_, response) => flood(response.writeHead(200, json)),
  "claims-a-gigabyte": (_, response) =>
    void response.writeHead(200, { ...json, "content-length": 1024 ** 3 }).write("{"),
  "sends-a-bomb": (_, response) =>
    void response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(bomb),
  redirects: (_, response) => void response.writeHead(302, { location: "http://169.254.169.254/" }).end(),
  "sends-a-page": (_, response) =>
    void response.writeHead(200, { "content-type": "text/html" }).end(document("page")),
  "sends-nan": (_, response) => void response.writeHead(200, json).end('{"capabilities": NaN}'),
  "sends-other-fields": (_, response) =>
    void response.writeHead(200, json).end('{"capabilities":[{"name":{},"version":[]}]}'),
  fails: (_, response) => void response.writeHead(500).end(),
  "cuts-off": ({ socket }) => void socket.destroy(),
};

const goodAgents = 100;
/** More than the operator reads at once from those that hang. */
const hangingAgents = 64;

it.each(testServers)(
  "O13 on the $name API server: hostile agents harm nobody but themselves",
  async ({ name, start }) => {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await start());
    const world = stack.use(await OperatorWorld.make(server, "o13"));
    const program = await startOperatorProgram(server, stack, [world.namespace]);
    const port = await world.serve(good);
    await inTurns(goodAgents, (at) => world.deploy(`first-${at}`, port));
    const aloneMs = await untilDiscovered(world, "first-", goodAgents);
    const before = residentMiB(program);
    const bad = Object.entries(hostile);
    await inTurns(bad.length, async (at) => {
      const [label, listener] = bad[at] ?? ["hangs", hangs];
      await world.deploy(label, await world.serve(listener));
    });
    await inTurns(goodAgents, (at) => world.deploy(`second-${at}`, port));
    const besideMs = await untilDiscovered(world, "second-", goodAgents);
    await pause(6_000); // every one of them has been read to its time-out
    const grownMiB = residentMiB(program) - before;
    const taken = (await world.agents()).filter(({ metadata }) => hostile[metadata.name] !== undefined);
    report({
      row: "O13",
      server: name,
      fault: "12 hostile agents at once beside 100 good ones",
      asked: "the good ones discovered <= 2 s after the last, memory + <= 20 MiB, none of the others taken",
      seen: `${seconds(besideMs)} (${seconds(aloneMs)} alone), memory + ${grownMiB.toFixed(0)} MiB (with 100 more agents), ${taken.length} taken`,
      reached: besideMs <= 2_000 && grownMiB <= 20 && taken.length === 0,
    });
    expect(taken).toEqual([]);
    const hanging = await world.serve(hangs);
    await inTurns(hangingAgents, (at) => world.deploy(`hanging-${at}`, hanging));
    await pause(1_000); // all of them are being waited for
    await world.deploy(
      "late",
      await world.serve((_, response) => void response.writeHead(200, json).end(document("late"))),
    );
    await world.channel("acme", ["late@^1.0.0"]);
    const lateMs = await world.untilWired("acme", ["late/late@1.0.0"], 60_000);
    report({
      row: "O13",
      server: name,
      fault: "64 agents that never answer; another is deployed, with a channel that requires it",
      asked: "wired <= 2 s: a dead agent delays no other object",
      seen: seconds(lateMs),
      reached: lateMs <= 2_000,
    });
    expect(await world.history.settledViolations()).toEqual([]);
  },
  180_000,
);

/** Milliseconds until so many Agents of that prefix are there. */
function untilDiscovered(world: OperatorWorld, prefix: string, count: number): Promise<number> {
  return eventually(
    `${count} agents ${prefix} are discovered`,
    async () =>
      (await world.agents()).filter(({ metadata }) => metadata.name.startsWith(prefix)).length === count,
    60_000,
  );
}

function residentMiB({ pid }: Program): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kibibytes ?? 0) / 1024;
}

/** Sends for as long as someone reads. */
function flood(response: ServerResponse): void {
  const piece = Buffer.alloc(64 * 1024, " ");
  const more = (): void => {
    while (!response.destroyed && response.write(piece));
  };
  response.on("drain", more);
  more();
}
