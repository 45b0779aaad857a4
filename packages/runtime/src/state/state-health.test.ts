import { describe, expect, test } from "vitest";
import { canaries, canaryWord } from "../testing/canaries.ts";
import { type LogLine, recordingLogger } from "../testing/recording-logger.ts";
import { openDatabase } from "./sqlite-database.ts";
import { StateHealth, type StateOperation } from "./state-health.ts";

function setUp() {
  const lines: LogLine[] = [];
  return { lines, health: new StateHealth(recordingLogger(lines)) };
}

const away = (): Promise<never> => Promise.reject(new Error("away"));

describe("the use of a store", () => {
  test("gives what it gives, and says nothing", async () => {
    const { lines, health } = setUp();
    expect(await health.attempt("read", async () => 7)).toEqual({ kind: "done", value: 7 });
    expect([health.up, lines]).toEqual([true, []]);
  });

  test.each(["read", "write", "erase"] as const)("that fails to %s is counted as that", async (operation) => {
    const { health } = setUp();
    for (let each = 0; each < 3; each++)
      expect(await health.attempt(operation, away)).toEqual({ kind: "failed" });
    expect(health.failures).toEqual({ read: 0, write: 0, erase: 0, [operation]: 3 });
    expect(health.up).toBe(false);
  });

  test("that throws before it waits fails, too", async () => {
    const { health } = setUp();
    const attempt = health.attempt("write", () => {
      throw new Error("at once");
    });
    expect(await attempt).toEqual({ kind: "failed" });
  });

  test("is told once when it fails and once when it is well again, each time", async () => {
    const { lines, health } = setUp();
    for (const use of [away, away, async () => 1, async () => 1, away]) await health.attempt("read", use);
    expect(lines.map(({ level }) => level)).toEqual(["warn", "info", "warn"]);
  });
});

describe("S13 the line about a store that failed", () => {
  async function lineFor(operation: StateOperation, use: () => Promise<unknown>): Promise<LogLine> {
    const { lines, health } = setUp();
    await health.attempt(operation, use);
    return lines[0] ?? {};
  }

  test("has these fields, and no others", async () => {
    const line = await lineFor("write", away);
    expect(line).toEqual({
      level: "warn",
      message: "Conversations and memories cannot be kept, turns go on without them",
      operation: "write",
      error: "Error",
      at: expect.any(Array),
    });
  });

  test("has SQLite's number, and not its sentence", async () => {
    const database = openDatabase(":memory:");
    const line = await lineFor("read", async () => database.prepare("SELECT 'canary01' FROM canary02"));
    database.close();
    expect(line["error"]).toBe("Error ERR_SQLITE_ERROR 1");
    expect(JSON.stringify(line)).not.toMatch(canaryWord);
  });

  test.each(canaries)("does not quote $name, whichever way an error does", async ({ text }) => {
    const errors = [
      () => JSON.parse(`${text}!`),
      () => JSON.parse(`{"a": ${text}`),
      () => {
        throw new TypeError(text, { cause: new Error(text) });
      },
      () => {
        throw Object.assign(new Error(text), { code: text, name: text, key: text });
      },
      () => {
        throw text;
      },
    ];
    for (const failing of errors) {
      const line = await lineFor("read", async () => failing());
      expect(line["level"]).toBe("warn");
      expect(JSON.stringify(line)).not.toMatch(canaryWord);
    }
  });
});
