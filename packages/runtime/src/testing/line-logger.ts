import type { LogFields, Logger } from "@lmos/primitives";

/** A logger that adds each line to `lines` as one text: its message, its fields, and an error as it would be printed. */
export function createLineLogger(lines: string[]): Logger {
  const write = (message: string, fields?: LogFields): void => {
    const { error, ...others } = fields ?? {};
    lines.push(JSON.stringify({ message, ...others, error: String(error) }));
  };
  const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
  return logger;
}
