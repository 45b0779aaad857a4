/** Errors of syntax in graphql-java's words, as far as graphql-js says enough. */
import { type GraphQLError, getLocation, Lexer, parse, Source, TokenKind } from "graphql";
import type { OperationError } from "./operation-error.ts";

const isSyntax = /^Syntax Error: /;
/** Of a token that is none graphql-js names the character that it stops at, graphql-java where the token begins. */
const isBrokenToken = /^Syntax Error: (Unterminated|Invalid|Unexpected character)/;

/** Rewords an error that `parse` threw for that query, of which it read at most so many tokens. */
export function syntaxError(error: GraphQLError, query: string, maxTokens: number): OperationError {
  const [at] = error.positions ?? [];
  if (at === undefined || !isSyntax.test(error.message) || isTooLong(error)) return error;
  const isBroken = isBrokenToken.test(error.message);
  const start = isBroken ? startOfBrokenToken(query) : at;
  const location = getLocation(new Source(query), start);
  const what = isBroken
    ? `Invalid syntax with ANTLR error 'token recognition error at: '${escaped(query.slice(start, at + 1))}''`
    : offending(query, { at, maxTokens });
  return { message: `${what} at line ${location.line} column ${location.column}`, locations: [location] };
}

function isTooLong({ message }: GraphQLError): boolean {
  return message.includes("Document contains more than");
}

function escaped(token: string): string {
  return token.replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t");
}

/** Where the lexer stops: the tokens before are good. */
function startOfBrokenToken(query: string): number {
  const lexer = new Lexer(new Source(query));
  try {
    while (lexer.advance().kind !== TokenKind.EOF);
  } catch {
    // here it is
  }
  const { end } = lexer.token;
  return end + (/^(?:[\s,\ufeff]|#[^\n]*)*/.exec(query.slice(end))?.[0].length ?? 0);
}

interface Offence {
  readonly at: number;
  readonly maxTokens: number;
}

function offending(query: string, { at, maxTokens }: Offence): string {
  const token = /^(?:\w+|\.\.\.|"[^"\n]*"|-?\d[\d.eE+-]*|[\s\S])/u.exec(query.slice(at))?.[0] ?? "<EOF>";
  if (!isDocument(query.slice(0, at), maxTokens)) return `Invalid syntax with offending token '${token}'`;
  return (
    "Invalid syntax encountered. There are extra tokens in the text that have not been consumed. " +
    `Offending token '${token}'`
  );
}

function isDocument(query: string, maxTokens: number): boolean {
  try {
    parse(query, { noLocation: true, maxTokens });
    return true;
  } catch {
    return false;
  }
}
