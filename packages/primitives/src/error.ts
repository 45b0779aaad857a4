/** What an error may carry beside its message. */
export interface LmosErrorOptions {
  readonly cause?: unknown;
  /** Structured facts about this occurrence, safe to log. */
  readonly details?: Readonly<Record<string, unknown>>;
}

const brand = Symbol.for("lmos.error");

/**
 * Base of the one error class that each package has. `code` is a closed union per package: callers switch on it
 * and never on the text. The message says what failed, where, and for which input.
 */
export class LmosError<Code extends string> extends Error {
  readonly code: Code;
  readonly details: Readonly<Record<string, unknown>>;
  readonly [brand] = true;

  constructor(code: Code, message: string, options: LmosErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** True for an error of any of our packages, also when two copies of the package are loaded. */
export function isLmosError(value: unknown): value is LmosError<string> {
  return value instanceof Error && brand in value;
}

/** The text of anything that was thrown. */
export function errorMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
