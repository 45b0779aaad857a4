import type { ArcOperation } from "@lmos/protocol";
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  recommendedRules,
  specifiedRules,
  validate,
  visit,
} from "graphql";
import { limitAliases } from "./alias-limit.ts";
import { type RefusedOperation, refuseOperation } from "./started-operation.ts";
import { bounded } from "./wording/operation-error.ts";
import { syntaxError } from "./wording/syntax-error.ts";
import { validationErrors } from "./wording/validation-error.ts";

/** A valid document of which one operation is to be run. */
export interface PreparedOperation {
  readonly kind: "prepared";
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

const maxTokens = 4_000;
const maxKept = 64;
/** Characters of a document that is kept; those that components send are shorter. */
const longestKept = 8 * 1024;
const rules = [...specifiedRules, ...recommendedRules, limitAliases];

/**
 * Parses and validates documents of at most 4,000 tokens. Callers send the same few again and again: those are kept, the one
 * that was used longest ago going first.
 */
export class Documents {
  readonly #schema: GraphQLSchema;
  readonly #kept = new Map<string, DocumentNode>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** The document with the type of the operation that is named, or the only one. */
  prepare(operation: ArcOperation): PreparedOperation | RefusedOperation {
    const prepared = this.#prepare(operation);
    return prepared.kind === "prepared" ? prepared : { ...prepared, errors: prepared.errors.map(bounded) };
  }

  #prepare({ query, operationName }: ArcOperation): PreparedOperation | RefusedOperation {
    const parsed = this.#parse(query);
    if (parsed.kind === "refused") return parsed;
    this.#keep(query, parsed.document);
    const name = operationName === "" ? undefined : operationName;
    const operation = getOperationAST(parsed.document, name);
    if (operation) return { kind: "prepared", document: parsed.document, operation };
    const reason =
      name === undefined
        ? "Must provide operation name if query contains multiple operations."
        : `Unknown operation named '${name}'.`;
    return { ...refuseOperation(reason), findsNone: true };
  }

  #parse(query: string): { readonly kind: "parsed"; readonly document: DocumentNode } | RefusedOperation {
    const document = this.#kept.get(query);
    return document === undefined ? parseDocument(query, this.#schema) : { kind: "parsed", document };
  }

  #keep(query: string, document: DocumentNode): void {
    if (query.length > longestKept) return;
    this.#kept.delete(query); // a Map keeps the order of insertion: the one used last comes last
    this.#kept.set(query, document);
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > maxKept && oldest !== undefined) this.#kept.delete(oldest);
  }
}

function parseDocument(
  query: string,
  schema: GraphQLSchema,
): { readonly kind: "parsed"; readonly document: DocumentNode } | RefusedOperation {
  try {
    const document = parse(query, { maxTokens });
    refuseEmptySelections(document);
    const errors = validate(schema, document, rules);
    if (errors.length === 0) return { kind: "parsed", document };
    return { kind: "refused", errors: validationErrors(errors, document) };
  } catch (error) {
    if (error instanceof GraphQLError)
      return { kind: "refused", errors: [syntaxError(error, query, maxTokens)] };
    if (error instanceof RangeError) return refuseOperation("The document is nested too deeply.");
    throw error;
  }
}

/** graphql-js reads an operation or a field that selects nothing; it is an error of syntax in GraphQL, and to graphql-java. */
function refuseEmptySelections(document: DocumentNode): void {
  visit(document, {
    SelectionSet: ({ selections, loc }) => {
      if (selections.length > 0 || loc === undefined) return;
      const { source, end } = loc;
      throw new GraphQLError("Syntax Error: Expected Name, found }.", { source, positions: [end - 1] });
    },
  });
}
