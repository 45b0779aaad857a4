import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SeededRandom } from "@lmos/testing";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { embeddingModelCases } from "../testing/embedding-model-cases.ts";
import { loadStaticModel } from "./load-static-model.ts";

const builtIn = fileURLToPath(new URL("../../models/static-en-256/", import.meta.url));
const signal = new AbortController().signal;

describe("the built-in model", () => {
  it.each(embeddingModelCases)("$name", async ({ check }) => check(await loadStaticModel({ signal })));

  it("has a vector of zeros for what has no known piece", async () => {
    const model = await loadStaticModel({ signal });
    for (const vector of await model.embed(["", "🤷", "\u0000"], { signal })) {
      expect(vector.every((value) => value === 0)).toBe(true);
    }
  });

  it.each([
    { word: "account", expected: "known" },
    { word: "don't", expected: "known" },
    { word: "Internet", expected: "known" },
    { word: "pakage", expected: "unknown" },
    { word: "Bestellung", expected: "unknown" },
    { word: "nicht", expected: "foreign" },
    { word: "dónde", expected: "foreign" },
    { word: "için", expected: "foreign" },
    { word: "заказ", expected: "foreign" },
    { word: "注文", expected: "foreign" },
  ])("finds $word $expected", async ({ word, expected }) => {
    const model = await loadStaticModel({ signal });
    expect(model.familiarityOf?.(word)).toBe(expected);
  });

  it("finds a word as familiar in capitals", async () => {
    const model = await loadStaticModel({ signal });
    const word = fc.oneof(
      fc.stringMatching(/^[a-z]{1,8}$/),
      fc.constantFrom("account", "nicht", "pakage", "die", "la"),
    );
    fc.assert(
      fc.property(word, (lower) => {
        expect(model.familiarityOf?.(lower)).toBe(model.familiarityOf?.(lower.toUpperCase()));
      }),
    );
  });
});

describe("loadStaticModel", () => {
  let directory = "";
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "static-model-"));
    await cp(builtIn, directory, { recursive: true });
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const flipByte = async (path: string): Promise<void> => {
    const bytes = await readFile(path);
    const position = Math.floor(new SeededRandom(1).next() * bytes.length);
    bytes[position] = (bytes[position] ?? 0) ^ 1;
    await writeFile(path, bytes);
  };

  it.each([
    { name: "a missing table", file: "table.i8", spoil: (path: string) => rm(path), code: "ModelMissing" },
    {
      name: "a missing vocabulary",
      file: "vocab.txt",
      spoil: (path: string) => rm(path),
      code: "ModelMissing",
    },
    { name: "a changed table", file: "table.i8", spoil: flipByte, code: "ModelCorrupt" },
    {
      name: "a table cut off",
      file: "table.i8",
      spoil: (path: string) => writeFile(path, "short"),
      code: "ModelCorrupt",
    },
    {
      name: "a vocabulary cut off",
      file: "vocab.txt",
      spoil: (path: string) => writeFile(path, "[PAD]\n[UNK]\n"),
      code: "ModelCorrupt",
    },
    {
      name: "a description that is not JSON",
      file: "meta.json",
      spoil: (path: string) => writeFile(path, "{"),
      code: "ModelCorrupt",
    },
    {
      name: "a description of another format",
      file: "meta.json",
      spoil: (path: string) => writeFile(path, '{"format":"other"}'),
      code: "ModelCorrupt",
    },
    {
      name: "a description without sizes",
      file: "meta.json",
      spoil: (path: string) => writeFile(path, '{"format":"static-wordpiece-int8/1"}'),
      code: "ModelCorrupt",
    },
  ])("names file and remedy for $name", async ({ file, spoil, code }) => {
    await spoil(join(directory, file));
    await expect(loadStaticModel({ directory, signal })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(new RegExp(`${file}.*install @lmos/embeddings again`)),
      details: { path: join(directory, file) },
    });
  });

  it("says when a file cannot be read", async () => {
    await rm(join(directory, "vocab.txt"));
    await cp(builtIn, join(directory, "vocab.txt"), { recursive: true });
    await expect(loadStaticModel({ directory, signal })).rejects.toMatchObject({ code: "ModelUnreadable" });
  });

  it("rejects with the reason of an aborted signal", async () => {
    await expect(loadStaticModel({ signal: AbortSignal.abort("enough") })).rejects.toBe("enough");
  });
});
