import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorMessage, silentLogger, systemRandom } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { openState } from "./open-state.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "lmos-state-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const open = (name: string, keyFile?: string) =>
  openState(name, { keyFile, clock: new FakeClock(), random: systemRandom, logger: silentLogger });

describe("opening state", () => {
  test("in memory keeps no conversations elsewhere, and each process has a secret of its own", async () => {
    using first = await open("memory");
    using second = await open("memory");
    expect(first.conversations).toBeUndefined();
    expect(first.secret).not.toBe(second.secret);
    expect(first.secret.length).toBeGreaterThanOrEqual(32);
  });

  test("in a SQLite file keeps its secret beside it, for its owner alone", async () => {
    const path = join(folder(), "state.db");
    using first = await open(`sqlite:${path}`);
    using second = await open(`sqlite:${path}`);
    expect(second.secret).toBe(first.secret);
    expect(readFileSync(`${path}.key`, "utf8").trim()).toBe(first.secret);
    expect(statSync(`${path}.key`).mode & 0o777).toBe(0o600);
  });

  test("takes the secret of a key file", async () => {
    const path = folder();
    writeFileSync(join(path, "key"), `  ${"s".repeat(32)}\n`);
    using state = await open(`sqlite:${join(path, "state.db")}`, join(path, "key"));
    expect(state.secret).toBe("s".repeat(32));
  });

  test.each([
    { name: "an unknown word", state: "postgres", says: "the state has to be memory, sqlite:FILE" },
    { name: "no file", state: "sqlite:", says: "names no file" },
    { name: "a folder as the file", state: "sqlite:/", says: "cannot be" },
    { name: "Redis without a key file", state: "redis://localhost", says: "needs a key file" },
    { name: "a broken address", state: "redis://", says: "the address of Redis cannot be read" },
  ])("refuses $name", async ({ state, says }) => {
    await expect(open(state)).rejects.toThrow(says);
  });

  test.each([
    { name: "missing", text: undefined, says: "cannot be read" },
    { name: "too short", text: "short\n", says: "has 5 characters: give it 32 at least" },
  ])("refuses a key file for Redis that is $name", async ({ text, says }) => {
    const path = join(folder(), "key");
    if (text !== undefined) writeFileSync(path, text);
    const message = await open("redis://localhost", path).then(() => "", errorMessage);
    expect(message).toContain(says);
    expect(message).not.toContain("short\n");
  });
});
