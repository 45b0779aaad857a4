import { PassThrough, Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readStandardInput } from "./standard-input.ts";

const { signal } = new AbortController();
const options = { mostBytes: 100, signal };

describe("standard input", () => {
  it("is the same text wherever its chunks are cut, also within a character", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 20 }), fc.nat(80), async (text, at) => {
        const bytes = Buffer.from(text);
        const chunks = [bytes.subarray(0, at), bytes.subarray(at)].filter(({ length }) => length > 0);
        expect(await readStandardInput(Readable.from(chunks), { ...options, mostBytes: 1000 })).toBe(text);
      }),
    );
  });

  it.each([
    { name: "nothing", chunks: [], text: "" },
    { name: "texts", chunks: ["kind: ", "Agent"], text: "kind: Agent" },
    { name: "just as much as may be", chunks: ["x".repeat(60), "x".repeat(40)], text: "x".repeat(100) },
  ])("may be $name", async ({ chunks, text }) => {
    expect(await readStandardInput(Readable.from(chunks), options)).toBe(text);
  });

  it("is refused as soon as it is too much, however much comes after", async () => {
    let given = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          given += 1;
          yield "ä".repeat(20);
        }
      })(),
    );
    await expect(readStandardInput(endless, options)).rejects.toMatchObject({
      code: "Usage",
      message: "standard input has more than 100 bytes: split it",
    });
    expect(given).toBeLessThan(30);
    expect(endless.destroyed).toBe(true);
  });

  it("is given up when its user has had enough, and closed, so that the process can end", async () => {
    const stop = new AbortController();
    const open = new PassThrough();
    open.write("kind: ");
    const reading = readStandardInput(open, { ...options, signal: stop.signal });
    const reason = new Error("stopped by SIGINT");
    stop.abort(reason);
    await expect(reading).rejects.toBe(reason);
    expect(open.destroyed).toBe(true);
  });

  it("fails with what its reading fails with", async () => {
    const broken = new PassThrough();
    const reading = readStandardInput(broken, options);
    broken.destroy(new Error("EIO"));
    await expect(reading).rejects.toThrow("EIO");
  });
});
