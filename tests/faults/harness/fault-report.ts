/** The figures of a whole run as a Markdown document. */
import type { Figure } from "./figures.ts";

/** What each row is about, in the order of the document. */
const promises: Readonly<Record<string, string>> = {
  I1: "With grants enforced no routing names an agent that is not granted, in any state of its history.",
  O1: "The API server is killed and comes back: the controller neither exits nor misses a change.",
  O2: "The connection of a watch ends, breaks or goes silent: this is noticed, and nothing is listed anew.",
  O3: "Versions expire: everything is listed anew, and deletions and re-creations are told apart.",
  O4: "The controller sees the past: nothing that is wanted now is deleted.",
  O5: "Notifications are missing: the end state depends on the current objects only.",
  O6: "Others write the same objects: their fields stay theirs, ours come back, and the conflict is shown.",
  O7: "A leader is stopped and deposed: what it still writes is refused.",
  O8: "Requests fail, also after they were done: nothing is made twice, and nobody gives up.",
  O9: "The operator is killed between a routing and its status: the next pass repairs, and no state in between claims too much.",
  O10: "The controller is killed at each of its writes: it finishes when it is started again.",
  O11: "The wall clock jumps and drifts: leadership, watches and delays do not care.",
  O12: "An agent is available and not available all the time: its channels seldom follow, and nobody else's.",
  O13: "Agents that mean harm, or never answer, beside good ones: those are discovered as if they were alone.",
  O14: "Edits without end, then everything is deleted; and at rest nothing is written, whatever was before.",
  O15: "Objects that nobody expects: taken or refused in words; when they are put right, all is as if nothing had been.",
  O16: "One agent among a thousand that nothing can be made of: nobody else notices.",
  O17: "A namespace stays Terminating: nothing is written into it, and nothing of it is left behind.",
  O18: "The operator is gone: what it made and what it watched can be deleted all the same.",
  O20: "Rights or credentials are withdrawn: this is shown, and work goes on without a restart.",
  O22: "Handlers throw or never settle: nobody else pays for it.",
};

const servers = ["real", "embedded"] as const;

/** A document of figures: which rows it must have, and what it says of itself. */
export interface FaultDocument {
  readonly title: string;
  readonly command: string;
  /** What a row is, as the rest of a sentence. */
  readonly suites: string;
  readonly rows: readonly string[];
}

/** The rows of the client and the controller runtime. */
export const clientFaults: FaultDocument = {
  title: "Faults",
  command: "npm run test:kubernetes",
  suites:
    "a suite of `tests/faults`: a controller on `@lmos/kube`, behind proxies that break connections and requests",
  rows: ["O1", "O2", "O3", "O4", "O5", "O6", "O7", "O8", "O10", "O11", "O20", "O22"],
};

/** The rows of the operator. */
export const operatorFaults: FaultDocument = {
  title: "Faults of the operator",
  command: "npm run test:operator",
  suites: "a suite of `tests/operator`: the operator, whose whole history is watched from outside",
  rows: ["I1", "O9", "O10", "O12", "O13", "O14", "O15", "O16", "O17", "O18"],
};

/** Whether every row of the document was run on every server. */
export function isComplete(figures: readonly Figure[], { rows }: FaultDocument): boolean {
  return rows.every((row) =>
    servers.every((server) => figures.some((figure) => figure.row === row && figure.server === server)),
  );
}

/** The document. */
export function faultReport(figures: readonly Figure[], document: FaultDocument): string {
  const shortfalls = figures.filter(({ reached }) => !reached);
  const rows = document.rows.map((row) => section(row, promises[row] ?? "", figures));
  return `# ${document.title}

Written by \`${document.command}\`; do not edit. Each row is ${document.suites},
against a real kube-apiserver with etcd (*real*) and the embedded API server (*embedded*). Times depend on the machine: these are
from two cores, with several suites at once.

**${figures.length} figures, ${figures.length - shortfalls.length} reached.** ${shortfallText(shortfalls)}

${rows.join("\n\n")}
`;
}

function shortfallText(shortfalls: readonly Figure[]): string {
  if (shortfalls.length === 0) return "No shortfall.";
  const places = shortfalls.map(({ row, server, fault }) => `${row} on ${server} (${fault})`);
  return `Not reached: ${places.join("; ")}.`;
}

function section(row: string, promise: string, figures: readonly Figure[]): string {
  const own = figures.filter((figure) => figure.row === row);
  const faults = [...new Map(own.map((figure) => [figure.fault, figure])).values()];
  const lines = faults
    .toSorted((a, b) => a.fault.localeCompare(b.fault))
    .map(
      (fault) =>
        `| ${fault.fault} | ${fault.asked} | ${servers.map((server) => seenOn(server, fault, own)).join(" | ")} |`,
    );
  return [
    `## ${row}`,
    "",
    promise,
    "",
    "| fault | asked | real | embedded |",
    "|---|---|---|---|",
    ...lines,
  ].join("\n");
}

function seenOn(server: string, fault: Figure, figures: readonly Figure[]): string {
  const figure = figures.find((each) => each.server === server && each.fault === fault.fault);
  if (figure === undefined) return "does not apply";
  return figure.reached ? figure.seen : `**not reached:** ${figure.seen}`;
}
