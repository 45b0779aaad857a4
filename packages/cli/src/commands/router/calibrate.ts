/** `lmos router calibrate`: thresholds for a wanted rate of errors or questions. */
import { type Calibration, type CalibrationGoal, calibrate } from "@lmos/router";
import { Command, Option } from "commander";
import type { CommandContext } from "../../context.ts";
import { CliError } from "../../errors.ts";
import { judgeLabelled, type LabelledOptions, withLabelledOptions } from "../../judge-labelled.ts";
import { renderStructured, type StructuredFormat } from "../../output/structured.ts";
import { parseShare } from "../../parse-number.ts";

interface CalibrateOptions extends LabelledOptions {
  readonly wrong?: number;
  readonly ask?: number;
  readonly output: "text" | StructuredFormat;
}

/** The command `router calibrate`. */
export function calibrateCommand(context: CommandContext): Command {
  const command = new Command("calibrate")
    .description("find thresholds for a wanted rate of wrong routes or of questions")
    .option(
      "--wrong <share>",
      "at most this share of the messages may go to a wrong agent, such as 0.01",
      parseShare,
    )
    .option("--ask <share>", "at most this share of the messages may be asked back", parseShare)
    .addOption(
      new Option("-o, --output <format>", "format")
        .choices(["text", "json", "yaml", "ndjson"])
        .default("text"),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  lmos router calibrate --catalogue agents.json --labelled messages.csv --wrong 0.01",
    );
  return withLabelledOptions(command).action((options: CalibrateOptions) => run(options, context));
}

async function run(options: CalibrateOptions, context: CommandContext): Promise<void> {
  const goal = goalOf(options);
  const { messages, index } = await judgeLabelled(options, context);
  const calibration = calibrate(messages, goal);
  if (calibration === undefined) {
    throw new CliError("Findings", `no thresholds reach it on these ${messages.length} messages: allow more`);
  }
  if (options.output !== "text") {
    return context.terminal.print(
      renderStructured(options.output, { ...calibration, learnt: index.head.thresholds }),
    );
  }
  for (const line of describe(calibration)) context.terminal.print(line);
  const { energy, margin } = index.head.thresholds;
  context.terminal.hint(
    `learnt from the examples: energy ${energy.toFixed(3)}, margin ${margin.toFixed(3)}; try others with \`lmos router eval --energy … --margin …\``,
  );
}

function goalOf({ wrong, ask }: CalibrateOptions): CalibrationGoal {
  if (wrong !== undefined && ask === undefined) return { kind: "wrong-rate", rate: wrong };
  if (ask !== undefined && wrong === undefined) return { kind: "ask-rate", rate: ask };
  throw new CliError("Usage", "give either --wrong SHARE or --ask SHARE");
}

function describe({ thresholds, rates, wrongAtMost }: Calibration): readonly string[] {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return [
    `energy    ${thresholds.energy.toFixed(4)}`,
    `margin    ${thresholds.margin.toFixed(4)}`,
    `right     ${percent(rates.right)}`,
    `wrong     ${percent(rates.wrong)} (on other messages at most ${percent(wrongAtMost)}, with 95 % confidence)`,
    `asked     ${percent(rates.asked)}`,
    `refused   ${percent(rates.refused)}`,
  ];
}
