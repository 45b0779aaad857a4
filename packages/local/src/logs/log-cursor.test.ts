import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LogCursor } from "./log-cursor.ts";
import { LogFile } from "./log-file.ts";

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lmos-cursor-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe("a place in a log", () => {
  test("has nothing, again and again, where there is no file", async () => {
    await using cursor = new LogCursor(join(directory, "0.log"));
    expect([await cursor.next(), await cursor.next(), cursor.unfinished()]).toEqual([[], [], []]);
  });

  test("gives a file of many chunks as a whole", async () => {
    const log = new LogFile(join(directory, "0.log"));
    const lines = Array.from({ length: 3000 }, (_, at) => `${at} ${"ü€😀".repeat(20)}`);
    log.write(new TextEncoder().encode(`${lines.join("\n")}\n`));
    log.end();
    await using cursor = new LogCursor(join(directory, "0.log"));
    expect(await cursor.next()).toEqual(lines);
  });

  test("misses no line and cuts no character, wherever writes are cut and the file is set aside", async () => {
    const texts = fc.array(fc.constantFrom("a", "ü", "€", "😀", "\n", "bb\n"), {
      minLength: 1,
      maxLength: 30,
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        texts,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
        async (parts, sizes) => {
          run += 1;
          const path = join(directory, `${run}.log`);
          const log = new LogFile(path, { maxBytes: 16 });
          await using cursor = new LogCursor(path);
          const seen: string[] = [];
          const bytes = new TextEncoder().encode(parts.join(""));
          for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            log.write(bytes.subarray(at, at + size));
            seen.push(...(await cursor.next()));
            at += size;
          }
          log.end();
          expect([...seen, ...cursor.unfinished()].join("\n")).toBe(parts.join("").replace(/\n$/, ""));
        },
      ),
      { numRuns: 60 },
    );
  });
});
