/** Runs a command line without a process: for tests. */
import { Readable } from "node:stream";
import type { Clock } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import type { Environment } from "../context.ts";
import { run } from "../run.ts";
import type { Terminal } from "../terminal.ts";
import { fakeContext, fakeEnvironment } from "./fake-context.ts";

/** What came of a command line: its exit code, what it printed, and what it said beside that. */
export interface RunOutcome {
  readonly code: number;
  readonly out: string;
  readonly hints: string;
}

/** Runs it with nothing of this machine but its files; collects what it says. */
export function runWith(
  environment: Partial<Environment>,
  ...parameters: readonly string[]
): Promise<RunOutcome> {
  return runUntil({ environment, signal: new AbortController().signal }, ...parameters);
}

/** The same until the signal is aborted; `onPrint` hears of each line of data as it comes. */
export async function runUntil(
  {
    environment,
    signal,
    onPrint,
    clock = new FakeClock(),
    input = Readable.from([]),
  }: {
    readonly environment: Partial<Environment>;
    readonly signal: AbortSignal;
    readonly onPrint?: ((line: string) => void) | undefined;
    readonly clock?: Clock | undefined;
    readonly input?: Readable | undefined;
  },
  ...parameters: readonly string[]
): Promise<RunOutcome> {
  const out: string[] = [];
  const hints: string[] = [];
  const terminal: Terminal = {
    print: (line) => {
      out.push(line);
      onPrint?.(line);
    },
    write: (text) => void out.push(text),
    hint: (line) => void hints.push(line),
    paint: (_color, text) => text,
    interactive: false,
  };
  const context = fakeContext({ terminal, environment: fakeEnvironment(environment), clock, signal, input });
  const code = await run(parameters, context);
  return { code, out: out.join("\n"), hints: hints.join("\n") };
}
