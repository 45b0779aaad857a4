/** `lmos logs [NAME]`: what the processes of the laptop cluster wrote. */
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type LogLine, readLogs } from "@lmos/local";
import { Command } from "commander";
import { defaultDirectory } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { mergeStreams } from "../merge-streams.ts";
import { parseCount } from "../parse-number.ts";
import { untilStopped } from "../until-stopped.ts";

interface LogsOptions {
  readonly dir: string;
  readonly namespace?: string;
  readonly follow?: boolean;
  readonly tail?: number;
}

/** A Deployment that has logs. */
export interface LoggedDeployment {
  readonly namespace: string;
  readonly name: string;
}

/** The command `logs`. */
export function logsCommand(context: CommandContext): Command {
  return new Command("logs")
    .argument("[name]", "of a Deployment, such as order-agent or lmos-runtime (else all of them)")
    .option("-f, --follow", "go on with new lines, until Ctrl-C")
    .option("--tail <lines>", "only so many lines of each process", parseCount)
    .option("-n, --namespace <namespace>", "only of this namespace")
    .option("--dir <folder>", "folder of the laptop cluster", defaultDirectory)
    .addHelpText("after", "\nExamples:\n  lmos logs order-agent --tail 20\n  lmos logs -f")
    .action((name: string | undefined, options: LogsOptions) => logs(name, options, context));
}

async function logs(name: string | undefined, options: LogsOptions, context: CommandContext): Promise<void> {
  const directory = resolve(context.environment.workingDirectory, options.dir);
  const all = await loggedDeployments(directory);
  const chosen = all.filter(
    (one) => (name ?? one.name) === one.name && (options.namespace ?? one.namespace) === one.namespace,
  );
  if (chosen.length === 0) {
    const known = all.map((one) => one.name).join(", ") || "none";
    throw new CliError(
      "NotFound",
      `no logs of ${name ?? "anything"} below ${directory}: there are logs of ${known}`,
    );
  }
  const lines = readAllLogs(directory, chosen, { ...options, follow: options.follow === true, context });
  const print = async (): Promise<void> => {
    for await (const line of lines) context.terminal.print(formatLogLine(line));
  };
  await (options.follow === true ? untilStopped(context.signal, print) : print());
}

/** The lines of several Deployments: one after the other, or, when following, as they come. */
export async function* readAllLogs(
  directory: string,
  deployments: readonly LoggedDeployment[],
  options: { readonly follow: boolean; readonly tail?: number | undefined; readonly context: CommandContext },
): AsyncGenerator<LogLine> {
  const { clock, signal } = options.context;
  const streams = deployments.map((one) =>
    readLogs({ directory, ...one, tail: options.tail, follow: options.follow, clock, signal }),
  );
  if (options.follow) yield* mergeStreams(streams);
  else for (const stream of streams) yield* stream;
}

/** A line with the process that wrote it. */
export function formatLogLine({ process, line }: LogLine): string {
  return `${process}  ${line}`;
}

/** The Deployments that have written anything below a cluster's folder. */
export async function loggedDeployments(directory: string): Promise<readonly LoggedDeployment[]> {
  const namespaces = await folders(join(directory, "logs"));
  const found = await Promise.all(
    namespaces.map(async (namespace) =>
      (await folders(join(directory, "logs", namespace))).map((name) => ({ namespace, name })),
    ),
  );
  return found.flat();
}

async function folders(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []); // no folder: nothing was ever written
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
