/** Runs a command line without a process: for tests. */
import { FakeClock, SeededRandom, SequentialIds } from "@lmos/testing";
import type { CommandContext, Environment } from "../context.ts";
import { run } from "../run.ts";

/** What came of a command line: its exit code, what it printed, and what it said beside that. */
export interface RunOutcome {
  readonly code: number;
  readonly out: string;
  readonly hints: string;
}

/** Runs it with nothing of this machine but its files; collects what it says. */
export async function runWith(
  environment: Partial<Environment>,
  ...parameters: readonly string[]
): Promise<RunOutcome> {
  const out: string[] = [];
  const hints: string[] = [];
  const context: CommandContext = {
    terminal: {
      print: (line) => void out.push(line),
      hint: (line) => void hints.push(line),
      paint: (_color, text) => text,
      interactive: false,
    },
    environment: {
      workingDirectory: "/nowhere",
      homeDirectory: "/nowhere",
      kubeconfig: undefined,
      inCluster: false,
      variables: {},
      nodePath: "/usr/bin/node",
      programPath: "/usr/bin/lmos",
      fromSource: true,
      compileCacheDirectory: undefined,
      ...environment,
    },
    clock: new FakeClock(),
    random: new SeededRandom(1),
    ids: new SequentialIds(),
    signal: new AbortController().signal,
    keyboard: undefined,
  };
  const code = await run(parameters, context);
  return { code, out: out.join("\n"), hints: hints.join("\n") };
}
