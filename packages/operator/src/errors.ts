import { LmosError, type LmosErrorOptions } from "@lmos/primitives";

/** Why the operator could not start, or had to stop. */
export type OperatorErrorCode = "ListenFailed" | "LeadershipLost";

/** Every failure of this package that is thrown; what goes wrong with one object is a condition on it instead. */
export class OperatorError extends LmosError<OperatorErrorCode> {
  constructor(code: OperatorErrorCode, message: string, options?: LmosErrorOptions) {
    super(code, message, options);
    this.name = "OperatorError";
  }
}
