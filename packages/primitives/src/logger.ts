/** Fields of one log line; errors go under `error`. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * A structured log. The message is a constant sentence, values are fields.
 * `info` = a person cares, `debug` = one line a step.
 */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to each of its lines. */
  child(fields: LogFields): Logger;
}

/** Says nothing: the default of libraries and tests. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};
