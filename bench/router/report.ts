/** The figures as Markdown. */
import { average } from "@lmos/router";
import type { AttackFigures } from "./attacks.ts";
import type { DialogueFigures } from "./conversations.ts";
import type { LargeFigures } from "./large.ts";
import { percentile, type Spread, spread } from "./measures.ts";
import type { PeerFigures } from "./peers.ts";
import type { SizeFigure } from "./size.ts";
import type { SmallFigures } from "./small.ts";

/** One line of the first table: a data set at a number of examples, over all seeds. */
export interface LargeRow {
  readonly name: string;
  readonly draws: readonly LargeFigures[];
}

/** One line of the second: a size of catalogue, over many random ones. */
export interface SmallRow {
  readonly name: string;
  readonly draws: readonly SmallFigures[];
}

/** The rules of other routers on one data set, over all seeds. */
export interface PeerRow {
  readonly name: string;
  readonly draws: readonly (readonly PeerFigures[])[];
}

/** Everything that was measured. */
export interface Measured {
  readonly large: readonly LargeRow[];
  readonly peers: readonly PeerRow[];
}

/** What is measured with the built-in model only. */
export interface MeasuredMore {
  readonly conversations: readonly DialogueFigures[];
  readonly small: readonly SmallRow[];
  readonly attacks: AttackFigures;
  readonly size: readonly SizeFigure[];
}

/** Where and how it was measured. */
export interface Circumstances {
  readonly cpu: string;
  readonly date: string;
  readonly node: string;
  /** The model, in words. */
  readonly model: string;
  readonly seeds: readonly number[];
  readonly catalogues: number;
}

/** What hostile texts win. */
export function attackTable(figures: AttackFigures): string {
  const { attacks, baseline, asDescription, asExample, replies, strayed } = figures;
  const percentOf = (value: number): string => `${(100 * value).toFixed(1)} %`;
  return table(
    ["what", "measured"],
    [
      ['messages for others accepted by an agent that only "helps"', percentOf(baseline)],
      [`the same, mean over ${attacks} attacks as its description`, percentOf(asDescription)],
      [`the same, mean over ${attacks} attacks as its example`, percentOf(asExample)],
      [
        `turns to an agent that was not offered, of ${replies} hostile replies of a language model`,
        `${strayed}`,
      ],
    ],
  );
}

/** Times and memory, each with what is wanted. */
export function sizeTable(figures: readonly SizeFigure[]): string {
  return table(
    ["what", "measured", "at most", ""],
    figures.map(({ name, value, unit, atMost }) => {
      const digits = value < 10 ? 2 : 0;
      return [name, `${value.toFixed(digits)} ${unit}`, `${atMost} ${unit}`, value <= atMost ? "yes" : "no"];
    }),
  );
}

/** The whole report; without `more`, its first parts. */
export function renderReport(
  { large, peers }: Measured,
  circumstances: Circumstances,
  more?: MeasuredMore,
): string {
  const { cpu, date, node, model, seeds } = circumstances;
  return `# Router benchmark: results

Measured on ${date}, ${cpu}, Node ${node}, one thread, ${model}. What is measured and how:
[README.md](README.md). Seeds ${seeds.join(", ")}; mean ± standard deviation over the draws; shares in percent.

## Whole data sets

${table(
  [
    "set",
    "capability",
    "agent",
    "agent among 3",
    "calibration error, capability / agent",
    "accepted right / wrong",
    "asked",
    "wrong among the surest 50 / 80 / 95 %",
    "sent to a language model",
  ],
  large.map(({ name, draws }) => accuracyRow(name, draws)),
)}

${table(
  [
    "set",
    "out of scope: AUROC",
    "accepted where 95 % in scope are (FPR95)",
    "in scope kept",
    "out of scope refused",
    "decision p50 / p95 ms",
    "index build ms",
  ],
  large.map(({ name, draws }) => scopeRow(name, draws)),
)}

## Other rules on the same vectors

Best capability / best agent, without thresholds, on the same draws.

${peerTable(peers, large)}
${more === undefined ? "" : furtherSections(more, circumstances)}`;
}

function furtherSections(
  { conversations, small, attacks, size }: MeasuredMore,
  { catalogues }: Circumstances,
): string {
  return `
## Size and speed

Times by the clock, one message after the other. A build is the third one of its kind in the process; memory is what is
left after a collection.

${sizeTable(size)}

## Hostile texts

${attackTable(attacks)}

## Conversations

Share of the turns whose best agent is the right one. "With its history" says who answered, as the runtime does.

${conversationTables(conversations)}

## Small catalogues

${catalogues} random catalogues of each size from CLINC150 (seeds 1 to ${catalogues}), no descriptions. Each cell: mean (10th to 90th percentile over
the catalogues).

${table(
  [
    "catalogue",
    "best is right",
    "accepted right",
    "accepted wrong",
    "asked",
    "accepted: far",
    "other domains",
    "same domains",
  ],
  small.map(({ name, draws }) => smallRow(name, draws)),
)}
`;
}

function accuracyRow(name: string, draws: readonly LargeFigures[]): readonly string[] {
  const of = (figure: (draw: LargeFigures) => number): string => percent(spread(draws.map(figure)));
  return [
    name,
    of((draw) => draw.capability),
    of((draw) => draw.agent),
    of((draw) => draw.amongThree),
    `${of((draw) => draw.capabilityCalibration)} / ${of((draw) => draw.agentCalibration)}`,
    `${of((draw) => draw.accepted)} / ${of((draw) => draw.acceptedWrong)}`,
    of((draw) => draw.asked),
    [0.5, 0.8, 0.95].map((coverage) => of((draw) => draw.riskAt(coverage)).split(" ")[0]).join(" / "),
    of((draw) => draw.doubtful),
  ];
}

function scopeRow(name: string, draws: readonly LargeFigures[]): readonly string[] {
  const of = (figure: (draw: LargeFigures) => number): string => percent(spread(draws.map(figure)));
  const hasOutside = draws.every(({ auroc }) => Number.isFinite(auroc));
  const time = (figure: (draw: LargeFigures) => number, digits: number): string =>
    average(draws.map(figure)).toFixed(digits);
  return [
    name,
    hasOutside ? of((draw) => draw.auroc) : "",
    hasOutside ? of((draw) => draw.falsePositives) : "",
    of((draw) => draw.kept),
    hasOutside ? of((draw) => draw.rejected) : "",
    `${time((draw) => draw.p50, 2)} / ${time((draw) => draw.p95, 2)}`,
    time((draw) => draw.buildMs, 0),
  ];
}

function peerTable(peers: readonly PeerRow[], large: readonly LargeRow[]): string {
  const rules = peers[0]?.draws[0]?.map(({ rule }) => rule) ?? [];
  const pair = (capability: readonly number[], agent: readonly number[]): string =>
    `${percent(spread(capability))} / ${percent(spread(agent))}`;
  const ofRule = (draws: PeerRow["draws"], rule: string): string => {
    const own = draws.flatMap((draw) => draw.filter((figures) => figures.rule === rule));
    return pair(
      own.map(({ capability }) => capability),
      own.map(({ agent }) => agent),
    );
  };
  const ours = (name: string): string => {
    const draws = large.find((row) => row.name === name)?.draws ?? [];
    return pair(
      draws.map(({ capability }) => capability),
      draws.map(({ agent }) => agent),
    );
  };
  return table(
    ["set", ...rules, "this router"],
    peers.map(({ name, draws }) => [name, ...rules.map((rule) => ofRule(draws, rule)), ours(name)]),
  );
}

/** The conversations, a table for each set of them. */
export function conversationTables(sets: readonly DialogueFigures[]): string {
  return sets
    .map(
      ({ name, dialogues, figures }) =>
        `### ${name}: ${dialogues} dialogues\n\n${conversationTable(figures)}`,
    )
    .join("\n\n");
}

function conversationTable(figures: DialogueFigures["figures"]): string {
  const share = (value: number): string => (100 * value).toFixed(1);
  return table(
    ["read", "turns", "number", "right", "accepted right", "accepted wrong"],
    figures.map(({ way, kind, turns, right, acceptedRight, acceptedWrong }) => [
      way,
      kind,
      `${turns}`,
      share(right),
      share(acceptedRight),
      share(acceptedWrong),
    ]),
  );
}

function smallRow(name: string, draws: readonly SmallFigures[]): readonly string[] {
  const of = (figure: (draw: SmallFigures) => number): string => {
    const values = draws.map((draw) => 100 * figure(draw));
    return `${average(values).toFixed(1)} (${percentile(values, 0.1).toFixed(0)}–${percentile(values, 0.9).toFixed(0)})`;
  };
  return [
    name,
    of((draw) => draw.bestRight),
    of((draw) => draw.acceptedRight),
    of((draw) => draw.acceptedWrong),
    of((draw) => draw.asked),
    of((draw) => draw.far),
    of((draw) => draw.other),
    of((draw) => draw.near),
  ];
}

function percent({ mean, deviation }: Spread): string {
  return `${(100 * mean).toFixed(1)} ± ${(100 * deviation).toFixed(1)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
