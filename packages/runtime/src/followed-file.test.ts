import { mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { mkdir, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { expect, onTestFinished, test } from "vitest";
import { FollowedFile } from "./followed-file.ts";

async function setUp(text: string) {
  const folder = mkdtempSync(join(tmpdir(), "lmos-followed-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "file");
  writeFileSync(path, text);
  const clock = new FakeClock();
  const warnings: string[] = [];
  const read: string[] = [];
  const file = new FollowedFile<string>({
    ...{ path, clock, content: "the words", remedy: "write some", code: "InvalidAuthorities" },
    parse: (found) => {
      if (found === "") throw new Error("there are none");
      return found;
    },
    onRead: (found) => void read.push(found),
    logger: { ...silentLogger, warn: (message) => void warnings.push(message) },
  });
  await file.open();
  const stopped = new AbortController();
  const running = file.run({ signal: stopped.signal });
  onTestFinished(async () => {
    stopped.abort();
    await running;
  });
  /** Lets seconds pass until the file has been looked at and that holds. */
  const look = (until: () => boolean): Promise<void> =>
    expect
      .poll(async () => {
        await clock.advance(1000);
        return until();
      })
      .toBe(true);
  return { path, read, warnings, look };
}

test("what changes is read, what stays is told once", async () => {
  const { path, read, look } = await setUp("one");
  writeFileSync(path, "three");
  await look(() => read.length > 1);
  for (let second = 0; second < 5; second++) await look(() => true);
  expect(read).toEqual(["one", "three"]);
});

test("a change within the same tick, of the same length, is read all the same", async () => {
  const { path, read, look } = await setUp("one");
  const { atime, mtime } = statSync(path);
  utimesSync(path, atime, mtime);
  await look(() => true);
  writeFileSync(path, "two");
  utimesSync(path, atime, mtime); // as if the first look had come in between
  await look(() => read.length > 1);
  expect(read).toEqual(["one", "two"]);
});

test("a file that cannot be read is told once, and read when it can be", async () => {
  const { path, read, warnings, look } = await setUp("one");
  renameSync(path, `${path}.aside`);
  await mkdir(path);
  await look(() => warnings.length > 0);
  for (let second = 0; second < 5; second++) await look(() => true);
  expect(warnings).toEqual([expect.stringContaining("the words of before count on")]);
  await rmdir(path);
  writeFileSync(`${path}.aside`, "two");
  renameSync(`${path}.aside`, path);
  await look(() => read.length > 1);
  expect(read).toEqual(["one", "two"]);
});
