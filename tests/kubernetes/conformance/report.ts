/** docs/conformance.md: every case with both results, then what differs and why. The same results give the same text. */
import type { Area, Case, Step } from "./case.ts";

/** What a case came to. */
export interface Outcome {
  /** Whether everything held on the embedded server, with each client. */
  readonly embedded: boolean;
  readonly real: boolean;
  /** Whether both answered the same but for what varies from run to run. */
  readonly same: boolean;
}

/** The whole document. */
export function reportOf(areas: readonly Area[], outcomes: ReadonlyMap<string, Outcome>): string {
  const cases = areas.flatMap((area) => area.cases);
  const same = cases.filter(({ name }) => outcomes.get(name)?.same === true).length;
  const steps = cases.flatMap((one) => one.steps);
  const share = Math.floor((same / cases.length) * 1000) / 10;
  return [
    "# Conformance of the embedded API server",
    "",
    "Written by `npm run test:kubernetes`; do not edit. Each case of `tests/kubernetes/cases` runs against the embedded server and",
    "against kube-apiserver 1.34.4 with etcd 3.6.4 (and kube-controller-manager for owner and namespace deletion), those with kubectl",
    "with kubectl 1.34.4 and with kubectl 1.32.3. *Same* means: beyond what the case demands, whole answers are the same but for times,",
    `ages, uids, versions and addresses. Of ${steps.length} answers ${inPart(steps)} are compared in part: where a message is in the words of Go's own`,
    "libraries or in no certain order, where the real server writes something in a second step, or where a case is about that part.",
    "",
    `**${cases.length} cases, ${same} the same on both (${share} %).**`,
    ...areas.flatMap((area) => tableOf(area, outcomes)),
    "",
    "## What differs, and why",
    "",
    ...differencesOf(cases),
    "",
  ].join("\n");
}

function inPart(steps: readonly Step[]): number {
  return steps.filter(({ compare }) => compare !== undefined).length;
}

function tableOf({ title, cases }: Area, outcomes: ReadonlyMap<string, Outcome>): readonly string[] {
  return [
    "",
    `## ${title}`,
    "",
    "| case | embedded | kube-apiserver | same |",
    "|---|---|---|---|",
    ...cases.map((one) => {
      const { embedded = false, real = false, same = false } = outcomes.get(one.name) ?? {};
      return `| ${one.name.replaceAll("|", "\\|")} | ${word(embedded)} | ${word(real)} | ${same ? "yes" : "no"} |`;
    }),
  ];
}

function word(holds: boolean): string {
  return holds ? "holds" : "fails";
}

function differencesOf(cases: readonly Case[]): readonly string[] {
  const different = cases.filter(({ difference }) => difference !== undefined);
  if (different.length === 0) return ["Nothing that these cases look at."];
  return different.map(({ name, difference }) => `- **${name}**: ${difference}`);
}
