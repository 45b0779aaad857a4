import { readFile, writeFile } from "node:fs/promises";
import { loadStaticModel } from "@lmos/embeddings";
import { backgroundSentences } from "@lmos/ranking";
import { expect, it } from "vitest";
import type { RoutableAgent } from "./model.ts";
import { buildRouterIndex } from "./router-index.ts";
import { createVectorClassifier } from "./vector-classifier.ts";

/** Set to true, run once, set back: writes what the router decides now. Look at the difference before committing. */
const rewrite = false;
const golden = new URL("testdata/golden-decisions.json", import.meta.url);
const sentencesPerCapability = 6;
const capabilitiesPerAgent = 2;
const { signal } = new AbortController();

/** The background sentences in runs of six: neighbours are of one field, so that a run is a capability of sorts. */
function catalogue(): readonly RoutableAgent[] {
  const runs = chunks(backgroundSentences, sentencesPerCapability).map((examples, i) => ({
    id: `c${i}`,
    name: `c${i}`,
    description: "",
    examples,
  }));
  return chunks(runs, capabilitiesPerAgent).map((capabilities, i) => ({
    name: `a${i}`,
    description: "",
    capabilities,
  }));
}

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}

/** Without its first and last word: near the catalogue, and not in it. */
function inner(sentence: string): string {
  return sentence.split(" ").slice(1, -1).join(" ");
}

it("decides as it always did, to the third digit", async () => {
  const embedding = await loadStaticModel({ signal });
  const classifier = createVectorClassifier({
    index: await buildRouterIndex(catalogue(), { embedding, signal }),
    embedding,
  });
  const lines: unknown[] = [];
  for (const message of backgroundSentences.map(inner)) {
    const decision = await classifier.classify({ message, history: [] }, { signal });
    const { energy, energyThreshold, margin } = decision.explanation;
    const [best] = decision.alternatives;
    const numbers = [decision.confidence, energy - energyThreshold, margin].map((value) =>
      Number(value.toFixed(4)),
    );
    lines.push([message, decision.decision, `${best?.agent ?? ""}/${best?.capability ?? ""}`, ...numbers]);
  }
  if (rewrite) await writeFile(golden, `[\n${lines.map((line) => JSON.stringify(line)).join(",\n")}\n]\n`);
  const expected: unknown[][] = JSON.parse(await readFile(golden, "utf8"));
  for (const [i, line] of lines.entries()) {
    const [message, decision, best, ...numbers] = expected[i] ?? [];
    expect(line).toEqual([message, decision, best, ...numbers.map((n) => expect.closeTo(Number(n), 3))]);
  }
});
