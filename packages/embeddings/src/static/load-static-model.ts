/**
 * Reads the static model's three files and checks them: the table and the vocabulary against the digests in
 * `meta.json`, so that a cut-off download is a clear error and not a router that is quietly wrong.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { errorMessage, isRecord } from "@lmos/primitives";
import { EmbeddingsError, type EmbeddingsErrorCode } from "../errors.ts";
import type { EmbeddingModel } from "../model.ts";
import { packRows } from "./packed-rows.ts";
import { createStaticModel } from "./static-model.ts";
import { createVocabulary } from "./wordpiece.ts";

/** Where the built-in model lies, seen from src/ and from dist/. */
const builtInDirectory = fileURLToPath(new URL("../../models/static-en-256/", import.meta.url));
const remedy = "the model is part of the package: install @lmos/embeddings again";
const supportedFormat = "static-wordpiece-int8/1";

interface StaticModelMeta {
  readonly dimension: number;
  readonly firstRow: number;
  readonly rows: number;
  readonly vocabularySize: number;
  readonly tableSha256: string;
}

/**
 * The built-in static English model (29,523 word pieces, 256 dimensions), read and checked in some 20 ms.
 * `directory` names another folder with `meta.json`, `vocab.txt` and `table.i8`.
 *
 * @throws EmbeddingsError `ModelMissing` when a file is not there, `ModelCorrupt` when it is not the one that
 * `meta.json` describes, `ModelUnreadable` when it cannot be read; the signal's reason when aborted.
 */
export async function loadStaticModel(options: {
  readonly signal: AbortSignal;
  readonly directory?: string | undefined;
}): Promise<EmbeddingModel> {
  const directory = options.directory ?? builtInDirectory;
  const [metaBytes, vocabularyBytes, tableBytes] = await Promise.all([
    readModelFile(join(directory, "meta.json"), options.signal),
    readModelFile(join(directory, "vocab.txt"), options.signal),
    readModelFile(join(directory, "table.i8"), options.signal),
  ]);
  const meta = parseMeta(metaBytes.toString("utf8"), join(directory, "meta.json"));
  checkTable(tableBytes, meta, join(directory, "table.i8"));
  const vocabulary = createVocabulary(vocabularyBytes.toString("utf8").trimEnd().split("\n"));
  if (vocabulary?.pieces.size !== meta.vocabularySize) {
    throw modelError(
      "ModelCorrupt",
      join(directory, "vocab.txt"),
      "it does not have the pieces of meta.json",
    );
  }
  const rows = new Int8Array(tableBytes.buffer, tableBytes.byteOffset, tableBytes.byteLength);
  const table = { ...packRows(rows, meta.dimension), firstRow: meta.firstRow };
  return createStaticModel(`static:${meta.tableSha256.slice(0, 16)}`, table, vocabulary);
}

async function readModelFile(path: string, signal: AbortSignal): Promise<Buffer> {
  try {
    return await readFile(path, { signal });
  } catch (error) {
    signal.throwIfAborted();
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw modelError(missing ? "ModelMissing" : "ModelUnreadable", path, errorMessage(error), error);
  }
}

function parseMeta(text: string, path: string): StaticModelMeta {
  const value = parseJson(text, path);
  if (!isRecord(value) || value["format"] !== supportedFormat) {
    throw modelError("ModelCorrupt", path, `its format is not ${supportedFormat}`);
  }
  const { dim, firstRow, rows, vocabSize, tableSha256 } = value;
  const counts = [dim, firstRow, rows, vocabSize];
  if (!counts.every(Number.isSafeInteger) || typeof tableSha256 !== "string") {
    throw modelError("ModelCorrupt", path, "dim, firstRow, rows, vocabSize or tableSha256 is missing");
  }
  return {
    dimension: Number(dim),
    firstRow: Number(firstRow),
    rows: Number(rows),
    vocabularySize: Number(vocabSize),
    tableSha256,
  };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw modelError("ModelCorrupt", path, "it is not JSON", error);
  }
}

function checkTable(bytes: Buffer, meta: StaticModelMeta, path: string): void {
  if (bytes.byteLength !== meta.rows * meta.dimension) {
    throw modelError(
      "ModelCorrupt",
      path,
      `it has ${bytes.byteLength} bytes, not ${meta.rows * meta.dimension}`,
    );
  }
  if (createHash("sha256").update(bytes).digest("hex") !== meta.tableSha256) {
    throw modelError("ModelCorrupt", path, "its checksum differs from meta.json");
  }
}

function modelError(
  code: EmbeddingsErrorCode,
  path: string,
  reason: string,
  cause?: unknown,
): EmbeddingsError {
  return new EmbeddingsError(code, `cannot load the static model: ${path}: ${reason}; ${remedy}`, {
    cause,
    details: { path },
  });
}
