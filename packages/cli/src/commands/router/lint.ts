/** `lmos router lint`: what in a catalogue makes messages go astray. */
import { type CapabilityName, type LintFinding, lintCatalogue } from "@lmos/router";
import { Command, Option } from "commander";
import { type AgentOptions, agentsToAsk, withAgentOptions } from "../../agents-to-ask.ts";
import type { CommandContext } from "../../context.ts";
import { type EmbeddingOptions, loadEmbedding, withEmbeddingOptions } from "../../embedding-option.ts";
import { CliError } from "../../errors.ts";
import { renderStructured, type StructuredFormat } from "../../output/structured.ts";

interface LintOptions extends AgentOptions, EmbeddingOptions {
  readonly output: "text" | StructuredFormat;
}

/** Texts quoted in a finding. */
const maxQuoted = 3;

/** The command `router lint`. */
export function lintCommand(context: CommandContext): Command {
  const command = new Command("lint")
    .description("find examples and descriptions that make messages go astray")
    .addOption(
      new Option("-o, --output <format>", "format")
        .choices(["text", "json", "yaml", "ndjson"])
        .default("text"),
    )
    .addHelpText(
      "after",
      "\nExits with 1 when there is a finding.\n\nExamples:\n  lmos router lint --catalogue agents.json",
    );
  return withAgentOptions(withEmbeddingOptions(command)).action((options: LintOptions) =>
    lint(options, context),
  );
}

async function lint(options: LintOptions, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const agents = await agentsToAsk(options, context);
  const findings = await lintCatalogue(agents, {
    embedding: await loadEmbedding(options, context),
    signal,
    onStage: (stage) => terminal.hint(terminal.paint("dim", `${stage} …`)),
  });
  if (options.output === "text") for (const finding of findings) terminal.print(describe(finding));
  else terminal.print(renderStructured(options.output, findings));
  if (findings.length === 0) return terminal.hint(terminal.paint("green", "no findings"));
  throw new CliError("Findings", `${findings.length} ${findings.length === 1 ? "finding" : "findings"}`);
}

function describe(finding: LintFinding): string {
  switch (finding.kind) {
    case "few-examples":
      return `few-examples       ${nameOf(finding)}: ${finding.count} ${finding.count === 1 ? "example" : "examples"}; write at least 5`;
    case "confusable":
      return `confusable         ${nameOf(finding.from)}: ${finding.texts.length} of ${finding.of} examples would go to ${nameOf(finding.to)}: ${quoted(finding.texts)}`;
    case "near-duplicate":
      return `near-duplicate     ${nameOf(finding.left)} ${quoted([finding.left.text])} and ${nameOf(finding.right)} ${quoted([finding.right.text])} (${finding.similarity.toFixed(2)})`;
    case "weak-description":
      return `weak-description   ${nameOf(finding)}: its description would go to ${nameOf(finding.to)}: ${quoted([finding.text])}`;
    default:
      return finding satisfies never;
  }
}

function nameOf({ agent, capability }: CapabilityName): string {
  return `${agent}/${capability}`;
}

function quoted(texts: readonly string[]): string {
  return texts
    .slice(0, maxQuoted)
    .map((text) => JSON.stringify(text))
    .join(", ");
}
