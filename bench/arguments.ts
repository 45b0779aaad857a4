/** What a benchmark is told on its command line, and what it says of that with `--help`. */
import { type ParseArgsOptionDescriptor, parseArgs } from "node:util";

/** An option as `parseArgs` takes it, with what it is for. */
export interface BenchOption extends ParseArgsOptionDescriptor {
  readonly description: string;
  /** Refused where it is no number. */
  readonly isNumber?: boolean;
}

/** A benchmark and its options. */
export interface Bench<T extends Readonly<Record<string, BenchOption>>> {
  /** As a user types it. */
  readonly command: string;
  readonly description: string;
  readonly options: T;
}

/** The values of the options; prints help, or what is wrong, and ends the process in place of that. */
export function benchArguments<T extends Readonly<Record<string, BenchOption>>>(
  bench: Bench<T>,
  given: readonly string[] = process.argv.slice(2),
): BenchValues<T> {
  if (given.some((text) => text === "--help" || text === "-h")) {
    process.stdout.write(`${helpText(bench)}\n`);
    process.exit(0);
  }
  try {
    return readArguments(bench, given);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)} (see --help)\n`);
    process.exit(2);
  }
}

type BenchValues<T extends Readonly<Record<string, BenchOption>>> = ReturnType<
  typeof parseArgs<{ readonly options: T; readonly allowNegative: true }>
>["values"];

/** The values alone; throws what names a wrong one. */
export function readArguments<T extends Readonly<Record<string, BenchOption>>>(
  { options }: Pick<Bench<T>, "options">,
  given: readonly string[],
): BenchValues<T> {
  const read = { args: [...given], options, allowNegative: true } as const;
  const { values } = parseArgs(read);
  for (const [name, value] of Object.entries(values))
    if (options[name]?.isNumber === true && !isNumber(value))
      throw new Error(`--${name} ${JSON.stringify(value)}: give a number from 0 on`);
  return values;
}

function isNumber(value: unknown): boolean {
  return typeof value === "string" && /^\d+(\.\d+)?$/.test(value);
}

/** The help of a benchmark, a line an option. */
export function helpText({
  command,
  description,
  options,
}: Bench<Readonly<Record<string, BenchOption>>>): string {
  const rows = Object.entries(options).map(([name, { type, default: usual, description: what }]) => [
    type === "boolean"
      ? `--[no-]${name}`
      : `--${name} <${options[name]?.isNumber === true ? "number" : "text"}>`,
    usual === undefined || usual === "" ? what : `${what} (else ${String(usual)})`,
  ]);
  const width = Math.max(...rows.map(([flag = ""]) => flag.length));
  const lines = rows.map(([flag = "", what]) => `  ${flag.padEnd(width)}  ${what}`);
  return [`Usage: ${command} -- [options]`, "", description, "", "Options:", ...lines].join("\n");
}
