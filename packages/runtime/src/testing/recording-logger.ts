/** A logger that keeps what it is told. */
import type { LogFields, Logger } from "@lmos/primitives";

/** A line: its level and message beside its fields. */
export type LogLine = Readonly<Record<string, unknown>>;

/** Adds to `lines`. */
export function recordingLogger(lines: LogLine[], base: LogFields = {}): Logger {
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}): void =>
      void lines.push({ ...base, ...fields, level, message });
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (fields) => recordingLogger(lines, { ...base, ...fields }),
  };
}
