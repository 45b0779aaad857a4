import { appendFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cluster } from "@lmos/local";
import { FakeClock } from "@lmos/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Terminal } from "../terminal.ts";
import { fakeContext } from "../testing/fake-context.ts";
import { passing } from "../testing/passing.ts";
import { followUntilStopped } from "./follow.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "lmos-follow-"));
});
afterEach(() => rm(directory, { recursive: true }));

async function write(line: string): Promise<void> {
  const folder = join(directory, "logs", "default", "billing");
  await mkdir(folder, { recursive: true });
  await appendFile(join(folder, "0.log"), `${line}\n`);
}

/** Following a cluster's log, with a keyboard on which these keys are pressed when lines have come. */
function follow({ keys, signal }: { readonly keys?: readonly string[]; readonly signal: AbortSignal }) {
  const clock = new FakeClock();
  const lines: string[] = [];
  const hints: string[] = [];
  const seen = Promise.withResolvers<void>();
  async function* keyboard() {
    await seen.promise;
    yield* keys ?? [];
    await new Promise<never>(() => undefined);
  }
  const terminal: Terminal = {
    print: (line) => {
      lines.push(line);
      seen.resolve();
    },
    write: () => undefined,
    hint: (line) => void hints.push(line),
    paint: (_color, text) => text,
    interactive: false,
  };
  const pressed = keys === undefined ? undefined : keyboard();
  const context = fakeContext({ terminal, clock, signal, keyboard: pressed });
  const laptop = { directory, cluster: noCluster, [Symbol.asyncDispose]: async () => undefined };
  const ended = passing(clock, followUntilStopped(laptop, context));
  return { ended, lines, hints, seen: seen.promise };
}

/** Only the folder of the laptop is looked at. */
const noCluster: Cluster = new Proxy(Object.create(null), {
  get: (_target, name) => {
    throw new Error(`nobody needs ${String(name)} to follow a log`);
  },
});

describe("the log of a laptop cluster", () => {
  it.each([
    { name: "q", keys: ["x", "q"] },
    { name: "Ctrl-C, as a key", keys: ["\u0003"] },
  ])("goes on with what is new until $name is pressed", async ({ keys }) => {
    await write("before");
    const following = follow({ keys, signal: new AbortController().signal });
    // What was there before is passed over; it can't be known when that is done but by what is new.
    const writing = setImmediateLoop(() => write("new"), following.seen);
    await following.ended;
    await writing;
    expect(following.lines[0]).toBe("billing-0  new");
    expect(following.hints).toEqual(["q or Ctrl-C stops all of it.", "stopping …"]);
  });

  it("goes on until the process is told to stop where there is no keyboard", async () => {
    const stop = new AbortController();
    const following = follow({ signal: stop.signal });
    stop.abort(new Error("stopped by SIGTERM"));
    await following.ended;
    expect(following.hints).toEqual(["Ctrl-C stops all of it.", "stopping …"]);
  });
});

/** Does it again and again until something has happened. */
async function setImmediateLoop(work: () => Promise<void>, until: Promise<void>): Promise<void> {
  let isOver = false;
  void until.then(() => {
    isOver = true;
  });
  while (!isOver) {
    await work();
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
