import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeClock } from "@lmos/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LogFile } from "./log-file.ts";
import { fullLogPath, logPath } from "./log-path.ts";
import { type LogLine, type ReadLogsOptions, readLogs } from "./read-logs.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lmos-logs-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function logFile(replica: number, maxBytes = 100): LogFile {
  return new LogFile(logPath({ directory, namespace: "default", name: "hello" }, replica), { maxBytes });
}

function options(more: Partial<ReadLogsOptions> = {}): ReadLogsOptions {
  const location = { directory, namespace: "default", name: "hello" };
  return {
    ...location,
    follow: false,
    clock: new FakeClock(),
    signal: new AbortController().signal,
    ...more,
  };
}

async function read(more: Partial<ReadLogsOptions> = {}): Promise<readonly string[]> {
  const lines = await Array.fromAsync(readLogs(options(more)));
  return lines.map(({ process, line }) => `${process}: ${line}`);
}

describe("a log file", () => {
  test("is appended to over restarts", () => {
    const first = logFile(0);
    first.write(bytes("one\n"));
    first.end();
    const second = logFile(0);
    second.write(bytes("two\n"));
    second.end();
    expect(readFileSync(logPath({ directory, namespace: "default", name: "hello" }, 0), "utf8")).toBe(
      "one\ntwo\n",
    );
  });

  test("is set aside when it is full, and one such file is kept", () => {
    const log = logFile(0, 10);
    for (const line of ["first-1\n", "second-2\n", "third-3\n"]) log.write(bytes(line));
    log.end();
    const path = logPath({ directory, namespace: "default", name: "hello" }, 0);
    expect(readFileSync(path, "utf8")).toBe("third-3\n");
    expect(readFileSync(fullLogPath(path), "utf8")).toBe("second-2\n");
  });
});

describe("reading", () => {
  test("yields nothing where nothing has run", async () => {
    expect(await read()).toEqual([]);
  });

  test("names each line's process, in the order of replicas, the unfinished line too", async () => {
    logFile(10).write(bytes("ten\n"));
    logFile(2).write(bytes("two\nand a ha"));
    expect(await read()).toEqual(["hello-2: two", "hello-2: and a ha", "hello-10: ten"]);
  });

  test("starts with the file that was set aside and joins a line that was cut", async () => {
    const log = logFile(0, 8);
    log.write(bytes("a\nbb"));
    log.write(bytes("cc\ndd\n"));
    expect(await read()).toEqual(["hello-0: a", "hello-0: bbcc", "hello-0: dd"]);
  });

  test.each([
    { tail: 0, expected: [] },
    { tail: 2, expected: ["hello-0: c", "hello-0: d"] },
    { tail: 9, expected: ["hello-0: a", "hello-0: b", "hello-0: c", "hello-0: d"] },
  ])("keeps the last $tail lines", async ({ tail, expected }) => {
    logFile(0).write(bytes("a\nb\nc\nd\n"));
    expect(await read({ tail })).toEqual(expected);
  });
});

describe("following", () => {
  async function follow(steps: readonly (() => void)[]): Promise<readonly LogLine[]> {
    const clock = new FakeClock();
    const stop = new AbortController();
    const seen: LogLine[] = [];
    const reading = (async () => {
      for await (const line of readLogs(options({ follow: true, clock, signal: stop.signal })))
        seen.push(line);
    })();
    for (const step of [...steps, () => undefined]) {
      await expect.poll(() => clock.sleeping).toBe(1);
      step();
      await clock.advance(250);
    }
    await expect.poll(() => clock.sleeping).toBe(1);
    stop.abort();
    await reading;
    return seen;
  }

  test("goes on with what is written, whole lines only", async () => {
    const log = logFile(0);
    log.write(bytes("before\n"));
    const seen = await follow([() => log.write(bytes("half ")), () => log.write(bytes("a line\n"))]);
    expect(seen.map(({ line }) => line)).toEqual(["before", "half a line"]);
  });

  test("notices a new process and a file that is set aside", async () => {
    const log = logFile(0, 10);
    const seen = await follow([
      () => log.write(bytes("one\n")),
      () => {
        log.write(bytes("two\n"));
        log.write(bytes("three\n"));
      },
      () => logFile(1).write(bytes("other\n")),
    ]);
    expect(seen).toEqual([
      { process: "hello-0", line: "one" },
      { process: "hello-0", line: "two" },
      { process: "hello-0", line: "three" },
      { process: "hello-1", line: "other" },
    ]);
  });
});
