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
  readonly conversation?: string;
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
    .option("--conversation <id>", "only lines that name this conversation")
    .option("-n, --namespace <namespace>", "only of this namespace")
    .option("--dir <folder>", "folder of the laptop cluster", defaultDirectory)
    .addHelpText(
      "after",
      "\nExamples:\n  lmos logs order-agent --tail 20\n  lmos logs -f\n  lmos logs --conversation c-1     # what became of it, at the runtime and at its agents",
    )
    .action((name: string | undefined, options: LogsOptions) => logs(name, options, context));
}

async function logs(name: string | undefined, options: LogsOptions, context: CommandContext): Promise<void> {
  const { signal, terminal, environment } = context;
  const directory = resolve(environment.workingDirectory, options.dir);
  const isChosen = (one: LoggedDeployment): boolean =>
    (name ?? one.name) === one.name && (options.namespace ?? one.namespace) === one.namespace;
  const all = await loggedDeployments(directory);
  const chosen = all.filter(isChosen);
  if (all.length === 0)
    throw new CliError(
      "NotFound",
      `no logs below ${directory}: start a cluster with \`lmos demo\` or name its folder with --dir`,
    );
  if (chosen.length === 0) {
    const known = all.map((one) => one.name).join(", ");
    throw new CliError(
      "NotFound",
      `no logs of ${name ?? "anything"} below ${directory}: there are logs of ${known}`,
    );
  }
  const print = async (lines: AsyncIterable<LogLine>): Promise<void> => {
    for await (const line of lines)
      if (line.line.includes(options.conversation ?? "")) terminal.print(formatLogLine(line));
  };
  const reading = { directory, tail: options.tail, context };
  if (options.follow === true) await untilStopped(signal, () => print(followLogs(isChosen, reading)));
  else for (const one of chosen) await print(logsOf(one, { ...reading, follow: false }));
}

/** What logs are read with. */
interface LogReading {
  /** Of the cluster. */
  readonly directory: string;
  /** So many lines of each process from before now; all unless given. */
  readonly tail?: number | undefined;
  readonly context: Pick<CommandContext, "clock" | "signal">;
}

function logsOf(
  deployment: LoggedDeployment,
  { directory, tail, follow, context: { clock, signal } }: LogReading & { readonly follow: boolean },
): AsyncGenerator<LogLine> {
  return readLogs({ directory, ...deployment, tail, follow, clock, signal });
}

/** The lines of Deployments as they come, also of those that write their first line later. */
export function followLogs(
  isChosen: (deployment: LoggedDeployment) => boolean,
  reading: LogReading,
): AsyncGenerator<LogLine> {
  return mergeStreams(streamsOf(isChosen, reading));
}

const lookAgainMs = 500;

/** Of one that turns up later everything is new. */
async function* streamsOf(
  isChosen: (deployment: LoggedDeployment) => boolean,
  reading: LogReading,
): AsyncGenerator<AsyncGenerator<LogLine>> {
  const { clock, signal } = reading.context;
  const known = new Set<string>();
  for (let tail = reading.tail; !signal.aborted; tail = undefined) {
    for (const one of (await loggedDeployments(reading.directory)).filter(isChosen)) {
      const name = `${one.namespace}/${one.name}`;
      if (!known.has(name)) yield logsOf(one, { ...reading, tail, follow: true });
      known.add(name);
    }
    await clock.sleep(lookAgainMs, { signal }).catch(() => undefined); // aborted: the loop ends
  }
}

/** A line with the process that wrote it. */
export function formatLogLine({ process, line }: LogLine): string {
  return `${process}  ${line}`;
}

/** The Deployments that have written anything below a cluster's folder. */
async function loggedDeployments(directory: string): Promise<readonly LoggedDeployment[]> {
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
