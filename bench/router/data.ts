/** Reads the public data sets into one shape. Their folder layout and licences: see README.md. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isRecord } from "@lmos/primitives";

/** One message with the capability that it asks for, and the agent that has it. */
export interface Labelled {
  readonly text: string;
  readonly agent: string;
  readonly capability: string;
}

/** A data set: examples are drawn from `train`, `test` is what is measured. */
export interface DataSet {
  readonly name: string;
  readonly train: readonly Labelled[];
  readonly test: readonly Labelled[];
  /** Messages that no capability covers. */
  readonly outOfScope: readonly string[];
}

/** CLINC150: an intent is a capability, a domain an agent. */
export async function readClinc(directory: string): Promise<DataSet> {
  const full = record(await readJson(join(directory, "clinc150/data_full.json")));
  const domains = record(await readJson(join(directory, "clinc150/domains.json")));
  const agentOf = new Map(
    Object.entries(domains).flatMap(([agent, intents]) =>
      list(intents).map((intent) => [String(intent), agent]),
    ),
  );
  const labelled = (split: string): readonly Labelled[] =>
    pairs(full[split]).map(([text, capability]) => ({
      text,
      capability,
      agent: agentOf.get(capability) ?? "",
    }));
  return {
    name: "CLINC150",
    train: labelled("train"),
    test: labelled("test"),
    outOfScope: pairs(full["oos_test"]).map(([text]) => text),
  };
}

/** BANKING77: an intent is a capability of an agent of its own. */
export async function readBanking(directory: string): Promise<DataSet> {
  const rows = async (file: string): Promise<readonly Labelled[]> =>
    (await readCsv(join(directory, "banking77", file))).map(([text = "", intent = ""]) => ({
      text,
      agent: intent,
      capability: intent,
    }));
  return { name: "BANKING77", train: await rows("train.csv"), test: await rows("test.csv"), outOfScope: [] };
}

/** The benchmark of the Kotlin router. */
export async function readLmos(directory: string): Promise<DataSet> {
  const rows = async (file: string): Promise<readonly Labelled[]> =>
    (await readCsv(join(directory, "lmos-router-bench", file))).map(
      ([text = "", agent = "", capability = ""]) => ({
        text,
        agent,
        capability,
      }),
    );
  return { name: "LMOS bench", train: await rows("train.csv"), test: await rows("test.csv"), outOfScope: [] };
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, "utf8"));
}

/** Rows of a CSV file with quotes, without its first line. */
async function readCsv(path: string): Promise<readonly (readonly string[])[]> {
  const text = await readFile(path, "utf8");
  const cell = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/gy;
  const rows: string[][] = [[]];
  for (const [whole, quoted, plain = "", end] of text.matchAll(cell)) {
    if (whole === "") break;
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ",") rows.push([]);
  }
  return rows.slice(1).filter((row) => row.length > 1);
}

function pairs(value: unknown): readonly (readonly [string, string])[] {
  return list(value).map((entry) => {
    const [text, label] = list(entry);
    return [String(text), String(label)];
  });
}

function record(value: unknown): Record<string, unknown> {
  if (!isRecord(value)) throw new TypeError("expected an object");
  return value;
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError("expected a list");
  return value;
}
