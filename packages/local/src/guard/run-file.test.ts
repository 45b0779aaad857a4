import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { identityOf } from "./process-identity.ts";
import { isStillRunning, RunFile, readRunFile } from "./run-file.ts";

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lmos-run-file-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A pid that no process has: beyond what any kernel gives. */
const nobody = 2 ** 30;

describe("the run file", () => {
  test("holds who runs the cluster, and which groups it has started", () => {
    const file = new RunFile(directory, process.pid);
    expect(readRunFile(directory)).toEqual({
      owner: { pid: process.pid, identity: identityOf(process.pid) },
      groups: [],
    });
    file.hold(process.ppid);
    file.hold(nobody);
    file.release(process.ppid);
    file.release(process.ppid);
    expect(readRunFile(directory)?.groups).toEqual([{ pid: nobody, identity: "" }]);
  });

  test("takes the place of that of an earlier run", () => {
    new RunFile(directory, process.pid).hold(nobody);
    new RunFile(directory, process.pid);
    expect(readRunFile(directory)?.groups).toEqual([]);
  });

  test("is made with its folder, and leaves nothing behind when it is removed, twice", () => {
    const folder = join(directory, "deep", "er");
    const file = new RunFile(folder, process.pid);
    expect(readdirSync(folder)).toEqual(["processes.json"]);
    file.remove();
    file.remove();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is whole at every moment, also where a draft of it was left", () => {
    writeFileSync(join(directory, "processes.json.new"), "{ cut of");
    const file = new RunFile(directory, process.pid);
    file.hold(nobody);
    expect(() => JSON.parse(readFileSync(join(directory, "processes.json"), "utf8"))).not.toThrow();
    expect(existsSync(join(directory, "processes.json.new"))).toBe(false);
  });

  const owner = { pid: 1, identity: "x" };
  test.each([
    { name: "none", text: undefined },
    { name: "an empty one", text: "" },
    { name: "one that was cut off", text: '{"owner":{"pid":1' },
    { name: "one without groups", text: JSON.stringify({ owner }) },
    {
      name: "one with a pid of 0, which would be our own group",
      text: JSON.stringify({ owner, groups: [{ pid: 0, identity: "x" }] }),
    },
    {
      name: "one with a pid below 0, which would be every process",
      text: JSON.stringify({ owner, groups: [{ pid: -1, identity: "x" }] }),
    },
    {
      name: "one with a pid that is a fraction",
      text: JSON.stringify({ owner: { pid: 1.5, identity: "x" }, groups: [] }),
    },
  ])("is not believed: $name", ({ text }) => {
    if (text !== undefined) writeFileSync(join(directory, "processes.json"), text);
    expect(readRunFile(directory)).toBeUndefined();
  });
});

describe("a process that was written down", () => {
  const identity = identityOf(process.pid) ?? "";

  test.each([
    {
      name: "is this one by its pid and its identity",
      recorded: { pid: process.pid, identity },
      expected: true,
    },
    {
      name: "is another one with the same pid",
      recorded: { pid: process.pid, identity: `${identity}0` },
      expected: false,
    },
    { name: "is another one with another pid", recorded: { pid: process.ppid, identity }, expected: false },
    { name: "is gone", recorded: { pid: nobody, identity: "x" }, expected: false },
    {
      name: "was gone before it could be told apart",
      recorded: { pid: nobody, identity: "" },
      expected: false,
    },
  ])("$name: runs: $expected", ({ recorded, expected }) => {
    expect(isStillRunning(recorded)).toBe(expected);
  });

  test("has the same identity each time, and none where there is no process", () => {
    expect(identity).not.toBe("");
    expect(identityOf(process.pid)).toBe(identity);
    expect(identityOf(nobody)).toBeUndefined();
  });
});
