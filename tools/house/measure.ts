/** Measures of one source file, from its syntax tree. */

import { isRecord } from "@lmos/primitives";
import { parseSync } from "oxc-parser";
import type { SourceFile } from "../source/packages.ts";

/** A function and how many lines it spans. */
export interface FunctionMeasure {
  readonly name: string;
  readonly path: string;
  readonly lines: number;
}

/** What the mirror shows of a file. */
export interface FileMeasure {
  readonly path: string;
  readonly lines: number;
  readonly functions: readonly FunctionMeasure[];
  /** Exported declarations, and how many of them have a doc comment right above. */
  readonly exported: number;
  readonly documented: number;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

/** Reads a file's tree once and counts. */
export function measureFile({ path, text }: SourceFile): FileMeasure {
  const { program, comments } = parseSync(path, text);
  const docEnds = comments
    .filter(({ type, value }) => type === "Block" && value.startsWith("*"))
    .map(({ end }) => end);
  const declarations = program.body.filter(
    (node) => node.type === "ExportNamedDeclaration" && node.declaration !== null,
  );
  const isDocumented = ({ start }: { start: number }): boolean =>
    docEnds.some((end) => end <= start && text.slice(end, start).trim() === "");
  return {
    path,
    lines: lineCount(text),
    functions: functionsIn(program, "").map(({ name, node }) => ({
      name,
      path,
      lines: lineCount(text.slice(node.start, node.end)),
    })),
    exported: declarations.length,
    documented: declarations.filter(isDocumented).length,
  };
}

function lineCount(text: string): number {
  return text.trimEnd().split("\n").length;
}

const functionTypes = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

/** Every function below a node with the nearest name above it. One-line arrows count too, as the anchors' were counted. */
function functionsIn(
  value: unknown,
  nearestName: string,
): readonly { readonly name: string; readonly node: Node }[] {
  if (Array.isArray(value)) return value.flatMap((member) => functionsIn(member, nearestName));
  if (!isNode(value)) return [];
  const name = nameOf(value) ?? nearestName;
  const own = functionTypes.has(value.type) ? [{ name, node: value }] : [];
  return [...own, ...Object.values(value).flatMap((member) => functionsIn(member, name))];
}

function isNode(value: unknown): value is Node {
  return isRecord(value) && typeof value["type"] === "string" && typeof value["start"] === "number";
}

function nameOf(node: Node): string | undefined {
  const named = node["id"] ?? node["key"];
  return isRecord(named) && typeof named["name"] === "string" ? named["name"] : undefined;
}
