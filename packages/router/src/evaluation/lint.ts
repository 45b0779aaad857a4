/** What an author can do better: the findings of `lmos router lint`. */
import { dotRows, type JudgedText, judgeExamples, mapInSteps, type Steps } from "@lmos/ranking";
import { inTurns } from "../in-turns.ts";
import type { RoutableAgent } from "../model.ts";
import {
  capabilityTexts,
  type EmbeddedCatalogue,
  embedCatalogue,
  type RouterIndexOptions,
} from "../router-index.ts";

/** A capability of an agent. */
export interface CapabilityName {
  readonly agent: string;
  readonly capability: string;
}

/** A text of a capability. */
export interface CatalogueText extends CapabilityName {
  readonly text: string;
}

/** Something that makes messages go astray. */
export type LintFinding =
  /** Fewer than five examples: routing is unreliable. */
  | ({ readonly kind: "few-examples"; readonly count: number } & CapabilityName)
  /** Examples of the first would go to the second if they were messages; `of` is how many were tried. */
  | {
      readonly kind: "confusable";
      readonly from: CapabilityName;
      readonly to: CapabilityName;
      readonly of: number;
      readonly texts: readonly string[];
    }
  /** Two agents claim what is nearly the same text. */
  | {
      readonly kind: "near-duplicate";
      readonly left: CatalogueText;
      readonly right: CatalogueText;
      /** Cosine, 0.95 to 1. */
      readonly similarity: number;
    }
  /** The description, as a message, would go to another capability: it does not say what is special about its own. */
  | ({ readonly kind: "weak-description"; readonly to: CapabilityName } & CatalogueText);

/** What is being done. */
export type LintStage = "embedding texts" | "ranking every example without itself" | "comparing agents";

const fewestExamples = 5;
/** Capabilities are confusable when so many examples, and such a share of them, go astray. */
const confusable = { examples: 2, share: 0.2 };
const duplicateSimilarity = 0.95;

/**
 * The findings, in the order of the agents and capabilities.
 *
 * @throws as `buildRouterIndex` does.
 */
export async function lintCatalogue(
  agents: readonly RoutableAgent[],
  options: RouterIndexOptions & { readonly onStage?: ((stage: LintStage) => void) | undefined },
): Promise<readonly LintFinding[]> {
  options.onStage?.("embedding texts");
  const catalogue = await embedCatalogue(capabilityTexts(agents), options);
  options.onStage?.("ranking every example without itself");
  const judged = await inTurns(judgeExamples(catalogue.capabilities), options);
  options.onStage?.("comparing agents");
  const duplicates = await inTurns(nearDuplicates(catalogue), options);
  return [...fewExamples(agents), ...confusions(judged), ...duplicates, ...weakDescriptions(judged)];
}

function fewExamples(agents: readonly RoutableAgent[]): readonly LintFinding[] {
  return agents.flatMap((agent) =>
    agent.capabilities
      .map(({ id, examples }) => ({ agent: agent.name, capability: id, count: new Set(examples).size }))
      .filter(({ count }) => count < fewestExamples)
      .map((finding): LintFinding => ({ kind: "few-examples", ...finding })),
  );
}

function confusions(judged: readonly JudgedText[]): readonly LintFinding[] {
  const examples = judged.filter(({ synthetic }) => !synthetic);
  const tried = Map.groupBy(examples, keyOf);
  const astray = Map.groupBy(
    examples.filter((one) => !isAtHome(one)),
    (one) => JSON.stringify([keyOf(one), keyOf(one.best)]),
  );
  return [...astray.values()].flatMap((members): readonly LintFinding[] => {
    const [first] = members;
    if (first === undefined) return [];
    const of = tried.get(keyOf(first))?.length ?? 0;
    if (members.length < confusable.examples || members.length < confusable.share * of) return [];
    const texts = members.map(({ text }) => text);
    return [{ kind: "confusable", from: nameOf(first), to: nameOf(first.best), of, texts }];
  });
}

function weakDescriptions(judged: readonly JudgedText[]): readonly LintFinding[] {
  return judged
    .filter((one) => one.synthetic && !isAtHome(one))
    .map((one) => ({
      kind: "weak-description",
      ...nameOf(one),
      text: one.text,
      to: nameOf(one.best),
    }));
}

/** Pairs of examples of different agents; descriptions are compared too. */
function* nearDuplicates({ capabilities }: EmbeddedCatalogue): Steps<readonly LintFinding[]> {
  const texts = capabilities.flatMap(({ agent, id, examples }) =>
    examples.map(({ text, vector }) => ({ agent, capability: id, text, vector })),
  );
  const vectors = texts.map(({ vector }) => vector);
  const cost = vectors.length * (vectors[0]?.length ?? 0);
  const found = yield* mapInSteps(texts.entries(), cost, ([index, left]) => {
    const similarities = dotRows(vectors, left.vector);
    return texts.slice(0, index).flatMap((right, i): readonly LintFinding[] => {
      const similarity = Math.min(similarities[i] ?? 0, 1);
      if (right.agent === left.agent || similarity < duplicateSimilarity) return [];
      return [{ kind: "near-duplicate", left: textOf(right), right: textOf(left), similarity }];
    });
  });
  return found.flat();
}

function textOf({ agent, capability, text }: CatalogueText): CatalogueText {
  return { agent, capability, text };
}

function nameOf({ agent, capability }: CapabilityName): CapabilityName {
  return { agent, capability };
}

function keyOf({ agent, capability }: CapabilityName): string {
  return JSON.stringify([agent, capability]);
}

function isAtHome(judged: JudgedText): boolean {
  return keyOf(judged) === keyOf(judged.best);
}
