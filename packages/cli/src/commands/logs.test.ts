import { appendFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeClock } from "@lmos/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runUntil, runWith } from "../testing/run-with.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lmos-logs-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(namespace: string, name: string, text: string, replica = 0): Promise<void> {
  const path = join(folder, ".lmos", "logs", namespace, name);
  await mkdir(path, { recursive: true });
  await appendFile(join(path, `${replica}.log`), text);
}

describe("lmos logs", () => {
  beforeEach(async () => {
    await write("default", "billing", "one\ntwo\n");
    await write("default", "orders", "three\n");
    await write("shop", "billing", "four\n");
  });

  it.each([
    { name: "all of them", parameters: [], lines: ["one", "two", "three", "four"] },
    { name: "of one name", parameters: ["billing"], lines: ["one", "two", "four"] },
    { name: "of one namespace", parameters: ["-n", "shop"], lines: ["four"] },
    { name: "of both", parameters: ["billing", "-n", "default"], lines: ["one", "two"] },
    { name: "the last line of each", parameters: ["--tail", "1"], lines: ["two", "three", "four"] },
    {
      name: "those that name a conversation",
      parameters: ["--conversation", "o"],
      lines: ["one", "two", "four"],
    },
    { name: "none of what was before", parameters: ["--tail", "0"], lines: [] },
  ])("shows $name", async ({ parameters, lines }) => {
    const { code, out } = await runWith({ workingDirectory: folder }, "logs", ...parameters);
    expect(code).toBe(0);
    expect(out === "" ? [] : out.split("\n").map((line) => line.replace(/^.* {2}/, ""))).toEqual(lines);
  });

  it.each([
    { name: "another Deployment", parameters: ["nobody"], says: "no logs of nobody" },
    { name: "another namespace", parameters: ["-n", "bank"], says: "no logs of anything" },
    { name: "another folder", parameters: ["--dir", "elsewhere"], says: "start a cluster with `lmos demo`" },
  ])("names those that there are where one asks for $name", async ({ parameters, says }) => {
    const { code, hints } = await runWith({ workingDirectory: folder }, "logs", ...parameters);
    expect(code).toBe(1);
    expect(hints).toContain(says);
  });

  it("refuses a count that is none", async () => {
    const { code, hints } = await runWith({ workingDirectory: folder }, "logs", "--tail", "-1");
    expect({ code, says: hints.includes("whole number") }).toEqual({ code: 2, says: true });
  });
});

describe("lmos logs --follow", () => {
  it("goes on with new lines, also of a Deployment that comes later, until it is stopped", async () => {
    await write("default", "billing", "before\n");
    const clock = new FakeClock();
    const stop = new AbortController();
    const steps = [
      () => write("default", "billing", "after\n"),
      () => write("default", "orders", "late\nlast\n"),
      async () => stop.abort(),
    ];
    const seen: string[] = [];
    const onPrint = (line: string): void => {
      seen.push(line);
      if (!line.endsWith("late")) void steps.shift()?.();
    };
    const environment = { workingDirectory: folder };
    const running = runUntil({ environment, clock, signal: stop.signal, onPrint }, "logs", "-f");
    const pass = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        await clock.advance(250);
        await new Promise(setImmediate);
      }
    };
    await pass();
    expect(await running).toMatchObject({ code: 0, hints: "" });
    expect(seen).toEqual(["billing-0  before", "billing-0  after", "orders-0  late", "orders-0  last"]);
  });

  it("shows nothing of what was before with --tail 0", async () => {
    await write("default", "billing", "before\n");
    const stop = new AbortController();
    const clock = new FakeClock();
    const environment = { workingDirectory: folder };
    const running = runUntil({ environment, clock, signal: stop.signal }, "logs", "-f", "--tail", "0");
    await expect.poll(() => clock.sleeping).toBeGreaterThan(0);
    stop.abort();
    expect(await running).toMatchObject({ code: 0, out: "" });
  });
});
