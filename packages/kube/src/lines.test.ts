import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLines } from "./lines.ts";

async function* chunksOf(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const bounds = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  for (const [index, end] of bounds.slice(1).entries()) yield bytes.subarray(bounds[index], end);
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const some of readLines(chunks)) lines.push(...some);
  return lines;
}

describe("readLines", () => {
  it("gives the same lines wherever the stream is cut into chunks", async () => {
    const line = fc
      .string({ unit: "grapheme", minLength: 1 })
      .map((text) => text.replaceAll("\n", ""))
      .filter((text) => text.trim() !== "");
    const input = fc.array(line, { maxLength: 8 }).chain((lines) => {
      const bytes = new TextEncoder().encode(lines.map((each) => `${each}\n`).join(""));
      return fc.record({
        lines: fc.constant(lines),
        bytes: fc.constant(bytes),
        cuts: fc.array(fc.nat({ max: bytes.length })),
      });
    });
    const property = fc.asyncProperty(input, async ({ lines, bytes, cuts }) => {
      expect(await collect(chunksOf(bytes, cuts))).toEqual(lines);
    });
    await fc.assert(property);
  });

  it("skips empty lines", async () => {
    expect(await collect(chunksOf(Buffer.from("\n\r\na\n \n"), []))).toEqual(["a"]);
  });

  it("takes a stream that ends within a line for a cut one", async () => {
    await expect(collect(chunksOf(Buffer.from("a\nb"), []))).rejects.toMatchObject({ code: "Unreachable" });
  });

  it("refuses a line without end", async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield Buffer.alloc(1024 * 1024, "x");
    }
    await expect(collect(endless())).rejects.toMatchObject({ code: "ResponseTooLarge" });
  });
});
