/** `lmos demo`: the example tenant acme on this machine. */
import { Command } from "commander";
import { defaultDirectory } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import { acmeFolder } from "../demo/acme.ts";
import { checkDemo } from "../demo/check.ts";
import { firstAnswer, formatSeconds } from "../demo/check-start.ts";
import { demoHints } from "../demo/hints.ts";
import { followUntilStopped } from "../laptop/follow.ts";
import { laptopDirectory, startLaptop } from "../laptop/start-laptop.ts";
import { summarize } from "../laptop/summary.ts";
import { waitForChannels, waitForComponent } from "../laptop/wait.ts";
import { readManifests } from "../manifests.ts";

interface DemoOptions {
  readonly dir: string;
  readonly check?: boolean;
}

const startTimeoutMs = 60_000;

/** The command `demo`. */
export function demoCommand(context: CommandContext): Command {
  return new Command("demo")
    .option("--dir <folder>", "folder of the cluster's state", defaultDirectory)
    .option("--check", "check itself on free ports in a temporary folder, and stop")
    .addHelpText("after", "\nExamples:\n  lmos demo\n  lmos demo --check")
    .action((options: DemoOptions) => (options.check === true ? checkDemo(context) : demo(options, context)));
}

async function demo(options: DemoOptions, context: CommandContext): Promise<void> {
  const { terminal, clock, signal, environment } = context;
  const baseFolder = acmeFolder();
  const directory = laptopDirectory(options.dir, environment);
  terminal.hint("starting API server, operator, runtime and agents …");
  const manifests = await readManifests(baseFolder);
  await using laptop = await startLaptop({ directory, baseFolder, manifests, freePorts: false }, context);
  const wait = { clock, signal, timeoutMs: startTimeoutMs };
  const channels = await waitForChannels(laptop.cluster.client, wait);
  const runtimeUrl = await waitForComponent(laptop.cluster.client, "lmos-runtime", wait);
  await firstAnswer(runtimeUrl, context);
  const elapsed = formatSeconds(clock.monotonic());
  for (const line of await summarize(laptop, context)) terminal.print(line);
  for (const line of demoHints({ laptop, runtimeUrl, environment })) terminal.print(line);
  terminal.print(
    `\n${channels.length} channels resolved; first message answered ${elapsed} after the start.\n`,
  );
  await followUntilStopped(laptop, context);
}
