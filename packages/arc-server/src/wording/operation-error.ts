/** An error of an operation as it is written into an answer: a `GraphQLError` is one, too. */
export interface OperationError {
  readonly message: string;
  readonly locations?: readonly { readonly line: number; readonly column: number }[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}
