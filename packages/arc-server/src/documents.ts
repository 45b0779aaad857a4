import type { ArcOperation } from "@lmos/protocol";
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationTypeNode,
  parse,
  recommendedRules,
  specifiedRules,
  validate,
} from "graphql";
import { limitAliases } from "./alias-limit.ts";
import { type RefusedOperation, refuseOperation } from "./started-operation.ts";

/** A valid document of which one operation is to be run. */
export interface PreparedOperation {
  readonly kind: "prepared";
  readonly document: DocumentNode;
  readonly type: OperationTypeNode;
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
  prepare({ query, operationName }: ArcOperation): PreparedOperation | RefusedOperation {
    const document = this.#kept.get(query) ?? parseDocument(query, this.#schema);
    if (Array.isArray(document)) return { kind: "refused", errors: document };
    this.#keep(query, document);
    const operation = getOperationAST(document, operationName);
    return operation
      ? { kind: "prepared", document, type: operation.operation }
      : refuseOperation("Name one operation of the document.");
  }

  #keep(query: string, document: DocumentNode): void {
    if (query.length > longestKept) return;
    this.#kept.delete(query); // a Map keeps the order of insertion: the one used last comes last
    this.#kept.set(query, document);
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > maxKept && oldest !== undefined) this.#kept.delete(oldest);
  }
}

function parseDocument(query: string, schema: GraphQLSchema): DocumentNode | GraphQLError[] {
  try {
    const document = parse(query, { maxTokens });
    const errors = validate(schema, document, rules);
    return errors.length === 0 ? document : [...errors];
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    if (error instanceof RangeError) return [new GraphQLError("The document is nested too deeply.")];
    throw error;
  }
}
