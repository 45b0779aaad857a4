import { LmosError } from "@lmos/primitives";

/** What a command can fail with; each has its exit code. */
export type CliErrorCode = "Usage" | "Findings" | "Refused" | "NotFound" | "Unreachable" | "Timeout";

const exitCodes: Readonly<Record<CliErrorCode, number>> = {
  Findings: 1,
  Refused: 1,
  NotFound: 1,
  Usage: 2,
  Unreachable: 3,
  Timeout: 124,
};

/** A command that cannot do what it was asked to; the message says what to do about it. */
export class CliError extends LmosError<CliErrorCode> {
  /** The exit code of the process. */
  get exitCode(): number {
    return exitCodes[this.code];
  }
}
