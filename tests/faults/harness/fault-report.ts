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
  D1: "An agent is down: its other endpoint answers, else the turn is told so at once, and it is hardly asked.",
  D2: "An agent is slow: deadlines fire in time, the agent is told, and the client's stream is kept open meanwhile.",
  D3: "An agent hangs in the middle, or its connection is dead without a word: noticed, told, and no socket is left.",
  D4: "An agent sends garbage: its turn fails alone, nothing reaches another turn, and no text forges an event.",
  D5: "An agent sends too much, in each way that there is: the turn fails, and memory stays bounded.",
  D6: "An agent goes away in the middle: the turn may be sent again, and the runtime does not by itself.",
  D7: "An agent asks for patience: its client is told, another endpoint is preferred, and nobody storms it.",
  D8: "The language model of the router fails in every way: vectors decide, and after three failures nobody waits.",
  D9: "The language model answers what it may not: only what was offered counts.",
  D10: "The embedding service fails, or its model changes: turns are answered, and vectors of two models never meet.",
  D11: "Three times the load that there is room for: what is admitted is answered in time, the rest is told at once.",
  D12: "A tenant sends ten times its quota: its neighbour hardly notices.",
  D13: "Readers read nothing: each costs little, others notice nothing, and they are dropped.",
  D14: "A client leaves: agent and language model are told.",
  D15: "A reader is cut and comes back: it reads on where it was, and nobody else does.",
  D16: "A runtime stops: it finishes what it began, and tells the rest to come back.",
  D17: "A runtime is killed: what was in flight there is answered once it is sent again.",
  D18: "Routings change while turns run: each turn keeps its own, the next one takes the new.",
  D19: "A canary release: conversations are divided by its weight, and who has begun stays.",
  D20: "Operator and API server are gone, behind, or empty: turns go on with the last routings.",
  D21: "The process itself is in trouble: it takes no new turns and tells its health.",
  D22: "Clients that never finish, flood and pipeline: they are cut off, and slow nobody.",
  D23: "Names and certificates of agents change under load: no turn notices.",
  chaos: "Everything at once: ledgers of clients, runtimes and agents agree.",
};

/** A document of figures: which rows it must have, and what it says of itself. */
export interface FaultDocument {
  readonly title: string;
  readonly command: string;
  /** What a row is, as the rest of a sentence. */
  readonly suites: string;
  /** Where the figures come from: a sentence. */
  readonly conditions: string;
  readonly rows: readonly string[];
  /** What each row is run against, a column each. */
  readonly columns: readonly Figure["server"][];
}

const againstServers = `,
against a real kube-apiserver with etcd (*real*) and the embedded API server (*embedded*)`;
const twoCores = "these are\nfrom two cores, with several suites at once";

/** The rows of the client and the controller runtime. */
export const clientFaults: FaultDocument = {
  title: "Faults",
  command: "npm run test:kubernetes",
  suites: `a suite of \`tests/faults\`: a controller on \`@lmos/kube\`, behind proxies that break connections and requests${againstServers}`,
  conditions: twoCores,
  columns: ["real", "embedded"],
  rows: ["O1", "O2", "O3", "O4", "O5", "O6", "O7", "O8", "O10", "O11", "O20", "O22"],
};

/** The rows of the operator. */
export const operatorFaults: FaultDocument = {
  title: "Faults of the operator",
  command: "npm run test:operator",
  suites: `a suite of \`tests/operator\`: the operator, whose whole history is watched from outside${againstServers}`,
  conditions: twoCores,
  columns: ["real", "embedded"],
  rows: ["I1", "O9", "O10", "O12", "O13", "O14", "O15", "O16", "O17", "O18"],
};

/** Whether every row of the document was run in every column. */
export function isComplete(figures: readonly Figure[], { rows, columns }: FaultDocument): boolean {
  return rows.every((row) =>
    columns.every((server) => figures.some((figure) => figure.row === row && figure.server === server)),
  );
}

/** The document. */
export function faultReport(figures: readonly Figure[], document: FaultDocument): string {
  const shortfalls = figures.filter(({ reached }) => !reached);
  const rows = document.rows.map((row) => section(row, document, figures));
  return `# ${document.title}

Written by \`${document.command}\`; do not edit. Each row is ${document.suites}. Times depend on the machine: ${document.conditions}.

**${figures.length} figures, ${figures.length - shortfalls.length} reached.** ${shortfallText(shortfalls, document)}

${rows.join("\n\n")}
`;
}

function shortfallText(shortfalls: readonly Figure[], { columns }: FaultDocument): string {
  if (shortfalls.length === 0) return "No shortfall.";
  const places = shortfalls.map(({ row, server, fault }) =>
    columns.length === 1 ? `${row} (${fault})` : `${row} on ${server} (${fault})`,
  );
  return `Not reached: ${places.join("; ")}.`;
}

function section(row: string, { columns }: FaultDocument, figures: readonly Figure[]): string {
  const own = figures.filter((figure) => figure.row === row);
  const faults = [...new Map(own.map((figure) => [figure.fault, figure])).values()];
  const lines = faults
    .toSorted((a, b) => a.fault.localeCompare(b.fault))
    .map(
      (fault) =>
        `| ${fault.fault} | ${fault.asked} | ${columns.map((column) => seenOn(column, fault, own)).join(" | ")} |`,
    );
  return [
    `## ${row}`,
    "",
    promises[row] ?? "",
    "",
    `| fault | asked | ${columns.join(" | ")} |`,
    `|---|---${"|---".repeat(columns.length)}|`,
    ...lines,
  ].join("\n");
}

function seenOn(server: string, fault: Figure, figures: readonly Figure[]): string {
  const figure = figures.find((each) => each.server === server && each.fault === fault.fault);
  if (figure === undefined) return "does not apply";
  return figure.reached ? figure.seen : `**not reached:** ${figure.seen}`;
}
