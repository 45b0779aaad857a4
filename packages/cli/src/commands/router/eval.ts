/** `lmos router eval`: how good routing is on labelled messages. */
import { evaluate } from "@lmos/router";
import { Command, Option } from "commander";
import type { CommandContext } from "../../context.ts";
import { judgeLabelled, type LabelledOptions, withLabelledOptions } from "../../judge-labelled.ts";
import { renderStructured } from "../../output/structured.ts";
import { parseFinite } from "../../parse-number.ts";
import { renderEvaluationHtml } from "../../router-report/html.ts";
import { renderEvaluationMarkdown } from "../../router-report/markdown.ts";

interface EvalOptions extends LabelledOptions {
  readonly energy?: number;
  readonly margin?: number;
  readonly output: "markdown" | "json" | "html";
}

/** The command `router eval`. */
export function evalCommand(context: CommandContext): Command {
  const command = new Command("eval")
    .description("measure routing on labelled messages: accuracy, confusion, calibration, risk by coverage")
    .option("--energy <number>", "energy threshold in place of the learnt one", parseFinite)
    .option("--margin <number>", "margin threshold in place of the learnt one", parseFinite)
    .addOption(
      new Option("-o, --output <format>", "format").choices(["markdown", "json", "html"]).default("markdown"),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  lmos router eval --catalogue agents.json --labelled messages.csv -o html > report.html",
    );
  return withLabelledOptions(command).action((options: EvalOptions) => run(options, context));
}

async function run(options: EvalOptions, context: CommandContext): Promise<void> {
  const { messages } = await judgeLabelled(options, context, options);
  const evaluation = evaluate(messages);
  switch (options.output) {
    case "markdown":
      return context.terminal.print(renderEvaluationMarkdown(evaluation));
    case "json":
      return context.terminal.print(renderStructured("json", evaluation));
    case "html":
      return context.terminal.print(renderEvaluationHtml(evaluation));
    default:
      return options.output satisfies never;
  }
}
