import pino from "pino";
import type { LogFields, Logger } from "./logger.ts";

/** How lines are written. */
export interface PinoLoggerOptions {
  readonly level: "debug" | "info" | "warn" | "error" | "silent";
  /** Added to every line, usually `{ component }`. */
  readonly fields?: LogFields;
  /** File descriptor to write to; 2 (stderr) unless given. */
  readonly descriptor?: number;
}

/** Never written out, wherever they stand. */
const redactedPaths = ["token", "*.token", "userToken", "*.userToken", "authorization", "*.authorization"];

/** A {@link Logger} that writes JSON lines through pino. */
export function createPinoLogger(options: PinoLoggerOptions): Logger {
  const destination = pino.destination({ dest: options.descriptor ?? 2, sync: true });
  const settings: pino.LoggerOptions = {
    level: options.level,
    base: options.fields ?? {},
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { error: pino.stdSerializers.err },
    redact: { paths: redactedPaths, censor: "[redacted]" },
  };
  return wrap(pino(settings, destination));
}

function wrap(inner: pino.Logger): Logger {
  return {
    debug: (message, fields = {}) => inner.debug(fields, message),
    info: (message, fields = {}) => inner.info(fields, message),
    warn: (message, fields = {}) => inner.warn(fields, message),
    error: (message, fields = {}) => inner.error(fields, message),
    child: (fields) => wrap(inner.child(fields)),
  };
}
