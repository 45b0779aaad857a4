/**
 * Expressions and what came of them in Kubernetes 1.34.4, recorded by `tools/kubernetes/cel`. What differs here is
 * listed with its reason: nothing else does, and nothing is listed that does not.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { outcomeText } from "./testing/outcome-text.ts";

function readJson<T>(name: string, schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(readFileSync(new URL(`testdata/${name}.json`, import.meta.url), "utf8")));
}

const recorded = readJson("recorded-evaluations", z.array(z.tuple([z.string(), z.string()])));
const listed = readJson("listed-differences", z.record(z.string(), z.array(z.string())));
const reasonOf = new Map(
  Object.entries(listed).flatMap(([reason, sources]) => sources.map((one) => [one, reason])),
);

/** By what they are about: the name that is called last, else the operator in the middle. */
function subjectOf(source: string): string {
  return /([a-zA-Z_]+)\([^()]*\)$/.exec(source)?.[1] ?? / (\S{1,2}) /.exec(source)?.[1] ?? "the syntax";
}

const subjects = Map.groupBy(recorded, ([source]) => subjectOf(source));

describe("an expression has in Kubernetes the same outcome as here, in all that is about", () => {
  it.each([...subjects].map(([subject, rows]) => ({ subject, rows })))("$subject", ({ rows }) => {
    const here = rows
      .filter(([source]) => !reasonOf.has(source))
      .map(([source]) => [source, outcomeText(source)]);
    expect(here).toEqual(rows.filter(([source]) => !reasonOf.has(source)));
  });
});

it.each(Object.entries(listed).map(([reason, sources]) => ({ reason, sources })))(
  "differs, as $reason",
  ({ sources }) => {
    const outcomes = new Map(recorded);
    expect(sources.filter((source) => outcomeText(source) === outcomes.get(source))).toEqual([]);
  },
);
