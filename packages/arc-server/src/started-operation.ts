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
  /** Its document is right, but has no operation of the name that is given, or several where none is. */
  readonly findsNone?: true;
}

/** A query, or what its name does not find: a socket of ARC is for subscriptions, and breaks at others. */
export interface UnsupportedOperation {
  readonly kind: "unsupported";
}

/** How an operation over a socket begins: going to be answered piece by piece, or not run. */
export type StartedOperation =
  | UnsupportedOperation
  | { readonly kind: "streaming"; readonly results: AsyncIterable<ExecutionResult> }
  | RefusedOperation;

/** Refuses an operation with one reason. */
export function refuseOperation(reason: string): RefusedOperation {
  return { kind: "refused", errors: [{ message: reason }] };
}
