/** An error of an operation as it is written into an answer: a `GraphQLError` is one, too. */
export interface OperationError {
  readonly message: string;
  readonly locations?: readonly { readonly line: number; readonly column: number }[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** Characters of a message. graphql-java's words quote what was sent, which may be as long as a body. */
const longestMessage = 1_000;

/** The error with the beginning of its message where that is too long to be sent back. */
export function bounded(error: OperationError): OperationError {
  const { message, locations, extensions } = error;
  if (message.length <= longestMessage) return error;
  return {
    message: `${message.slice(0, longestMessage).toWellFormed()}…`,
    ...(locations !== undefined && { locations: [...locations] }),
    ...(extensions !== undefined && Object.keys(extensions).length > 0 && { extensions }),
  };
}
