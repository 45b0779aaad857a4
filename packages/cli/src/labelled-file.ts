/** Reads labelled messages: a JSON list, one JSON object a line, or CSV with the columns text, agent, capability. */
import { readFile } from "node:fs/promises";
import { type LabelledMessage, parseLabelled } from "@lmos/router";
import { CliError } from "./errors.ts";

/** The messages of a file; its first character tells the format. */
export async function readLabelled(path: string): Promise<readonly LabelledMessage[]> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new CliError("Usage", `--labelled ${path} cannot be read: name a JSON or CSV file`, { cause });
  });
  try {
    return parseLabelled(entriesOf(text.replace(/^\uFEFF/, "").trim()));
  } catch (cause) {
    throw new CliError("Usage", `--labelled ${path} has no labelled messages`, { cause });
  }
}

function entriesOf(text: string): readonly unknown[] {
  if (text.startsWith("[")) {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  }
  if (text.startsWith("{")) {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    return lines.map((line): unknown => JSON.parse(line));
  }
  const [head = [], ...rows] = csvRows(text);
  return rows.map((row) => Object.fromEntries(head.map((column, i) => [column.trim(), row[i] ?? ""])));
}

/** Cells may be quoted, and then hold commas, line breaks and doubled quotes. */
function csvRows(text: string): readonly (readonly string[])[] {
  const cell = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n?|\n|$)/gy;
  const rows: string[][] = [[]];
  for (const [whole, quoted, plain = "", end] of text.matchAll(cell)) {
    if (whole === "") break;
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ",") rows.push([]);
  }
  return rows.filter(([first = "", ...others]) => first !== "" || others.length > 0); // an empty line is no message
}
