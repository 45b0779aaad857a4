import type { ExecutionResult } from "graphql";
import type { OperationError } from "./wording/operation-error.ts";

/** An operation that was answered at once. */
export interface AnsweredOperation {
  readonly kind: "answered";
  readonly result: ExecutionResult;
}

/** An operation that is not run: its document or its name is at fault. */
export interface RefusedOperation {
  readonly kind: "refused";
  readonly errors: readonly OperationError[];
}

/** How an operation begins: answered at once, going to be answered piece by piece, or refused. */
export type StartedOperation =
  | AnsweredOperation
  | { readonly kind: "streaming"; readonly results: AsyncIterable<ExecutionResult> }
  | RefusedOperation;

/** Refuses an operation with one reason. */
export function refuseOperation(reason: string): RefusedOperation {
  return { kind: "refused", errors: [{ message: reason }] };
}
