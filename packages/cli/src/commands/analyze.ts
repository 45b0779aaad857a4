/** `lmos analyze`: faults in Agents and Channels, of files or of a cluster. */
import type { GrantsMode } from "@lmos/resources";
import { Command, Option } from "commander";
import { analyze } from "../analysis/analyze.ts";
import type { Finding } from "../analysis/finding.ts";
import { type ConnectionOptions, connect, withConnectionOptions } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { type Filenames, filenameOption, readFilenames, recursiveOption } from "../filename-option.ts";
import { asClusterSays, asFilesSay, grantsOption } from "../grants-option.ts";
import { renderStructured } from "../output/structured.ts";
import { hintUnknownFields } from "../unknown-fields.ts";
import { type World, worldOfCluster, worldOfManifests } from "../world.ts";

interface AnalyzeOptions extends ConnectionOptions {
  readonly filename?: Filenames;
  readonly recursive?: boolean;
  readonly namespace?: string;
  readonly grants?: GrantsMode;
  readonly output: "text" | "json" | "yaml";
}

/** The command `analyze`. */
export function analyzeCommand(context: CommandContext): Command {
  const command = new Command("analyze")
    .addOption(filenameOption("what to look at instead of a cluster"))
    .addOption(recursiveOption())
    .option("-n, --namespace <namespace>", "only this namespace of the cluster")
    .addOption(grantsOption(`${asClusterSays}, or ${asFilesSay}`))
    .addOption(
      new Option("-o, --output <format>", "format").choices(["text", "json", "yaml"]).default("text"),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  lmos analyze\n  lmos analyze -f catalogue/ -o json\n\nExit code 1 when there is an error among the findings.",
    );
  return withConnectionOptions(command).action(async (options: AnalyzeOptions) => {
    const findings = analyze(await readWorld(options, context));
    report(findings, options.output, context);
    const errors = findings.filter(({ severity }) => severity === "error").length;
    if (errors > 0)
      throw new CliError(
        "Findings",
        `${counted(errors, "error")}, ${counted(findings.length - errors, "warning")}`,
      );
  });
}

async function readWorld(options: AnalyzeOptions, context: CommandContext): Promise<World> {
  const { filename, recursive, namespace, grants: mode } = options;
  if (filename !== undefined) {
    const manifests = await readFilenames(filename, context, { recursive });
    hintUnknownFields(manifests, context.terminal);
    return worldOfManifests(manifests, "default", mode);
  }
  await using target = connect(options, context);
  return await worldOfCluster(target.client, { namespace, mode, signal: context.signal });
}

function report(
  findings: readonly Finding[],
  output: AnalyzeOptions["output"],
  { terminal }: CommandContext,
): void {
  if (output !== "text") terminal.print(renderStructured(output, findings));
  else if (findings.length === 0) terminal.print("nothing found");
  else for (const finding of findings) terminal.print(lineOf(finding));
}

function lineOf({ code, severity, object, message }: Finding): string {
  return `${code} ${severity} ${object}: ${message}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
