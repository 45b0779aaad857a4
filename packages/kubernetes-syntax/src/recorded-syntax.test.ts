/** Texts and what Kubernetes 1.34.4 makes of them, recorded by `tools/kubernetes/syntax`. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { hasFormat } from "./formats.ts";
import { parseLabelSelector, selectsLabels } from "./label-selector.ts";
import { configKey, dns1035Label, dnsLabel, dnsSubdomain, labelValue, qualifiedName } from "./names.ts";

const file = new URL("testdata/recorded-syntax.json", import.meta.url);
const recorded = z
  .array(z.tuple([z.string(), z.string(), z.string()]))
  .parse(JSON.parse(readFileSync(file, "utf8")));

/** By sort and text: what is another answer here, on purpose or for want of need. */
const differences: ReadonlySet<string> = new Set([
  "byte ", // nothing are no bytes there
  "date-time 2024-01-01T00:00:00+25:00", // no zone is so far east
  "ipv4 ::ffff:1.2.3.4", // it is written as an IPv6 address
  "mac 4111111111111111", // eight bytes without separators
]);

const labels = { a: "b", n: "5", "x/y": "" };
const rules = { configKey, dns1035Label, dnsLabel, dnsSubdomain, labelValue, qualifiedName };

function outcomeOf(sort: string, text: string): string {
  if (sort === "selector") return selectorOutcome(text);
  const rule = Object.entries(rules).find(([name]) => name === sort)?.[1];
  return rule === undefined ? String(hasFormat(sort, text)) : rule(text).join("; ");
}

function selectorOutcome(text: string): string {
  try {
    return String(selectsLabels(parseLabelSelector(text), labels));
  } catch (error) {
    if (error instanceof SyntaxError) return "none";
    throw error;
  }
}

describe("a text is taken, or refused in the same words, as", () => {
  const sorts = Map.groupBy(recorded, ([sort]) => sort);
  it.each([...sorts].map(([sort, rows]) => ({ sort, rows })))("$sort", ({ sort, rows }) => {
    const same = rows.filter(([, text]) => !differences.has(`${sort} ${text}`));
    expect(same.map(([, text]) => [sort, text, outcomeOf(sort, text)])).toEqual(same);
  });

  it("but for what is listed", () => {
    const listed = recorded.filter(([sort, text]) => differences.has(`${sort} ${text}`));
    expect(listed).toHaveLength(differences.size);
    expect(listed.filter(([sort, text, outcome]) => outcomeOf(sort, text) === outcome)).toEqual([]);
  });
});
