import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readLines } from "./lines.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lmos-lines-"));
});
afterAll(() => rm(folder, { recursive: true }));

const { signal } = new AbortController();
const nothing = Readable.from([]);

describe("the lines of a text", () => {
  it.each([
    { name: "nothing", text: "", lines: [] },
    { name: "a line without an end", text: "one", lines: ["one"] },
    { name: "empty lines between", text: "one\n\ntwo\n", lines: ["one", "", "two"] },
    { name: "the ends of Windows", text: "one\r\ntwo\r\n", lines: ["one", "two"] },
    { name: "characters of several bytes", text: "größer\n😀\n", lines: ["größer", "😀"] },
  ])("are the same from a file and from standard input: $name", async ({ text, lines }) => {
    const path = join(folder, "lines.txt");
    await writeFile(path, text);
    expect(await Array.fromAsync(readLines(path, { input: nothing, signal }))).toEqual(lines);
    const bytes = [...Buffer.from(text)].map((byte) => Buffer.from([byte]));
    expect(await Array.fromAsync(readLines("-", { input: Readable.from(bytes), signal }))).toEqual(lines);
  });

  it.each([
    { name: "a file that is not there", path: "missing.txt" },
    { name: "a folder", path: "." },
  ])("are refused by the name of $name", async ({ path }) => {
    const reading = Array.fromAsync(readLines(join(folder, path), { input: nothing, signal }));
    await expect(reading).rejects.toMatchObject({
      code: "Usage",
      message: `${join(folder, path)} cannot be read: name a text file`,
    });
  });

  it("come one by one, before the next is written", async () => {
    const input = new PassThrough();
    const lines = readLines("-", { input, signal });
    input.write("one\ntwo");
    expect(await lines.next()).toEqual({ done: false, value: "one" });
    input.end(" and more\n");
    expect(await lines.next()).toEqual({ done: false, value: "two and more" });
    expect(await lines.next()).toMatchObject({ done: true });
  });

  it("are waited for no longer when their reader has had enough", async () => {
    const stop = new AbortController();
    const reason = new Error("stopped by SIGINT");
    const lines = readLines("-", { input: new PassThrough(), signal: stop.signal });
    const waiting = lines.next();
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});
