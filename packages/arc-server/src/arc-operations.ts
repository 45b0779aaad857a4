import { type ArcOperation, arcSchema } from "@lmos/protocol";
import {
  buildSchema,
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLError,
  OperationTypeNode,
  subscribe,
} from "graphql";
import { Documents, type PreparedOperation } from "./documents.ts";
import type { AnsweredOperation, RefusedOperation, StartedOperation } from "./started-operation.ts";
import { asksForType } from "./type-selection.ts";
import { bounded, type OperationError } from "./wording/operation-error.ts";
import { variableFault } from "./wording/variable-fault.ts";

type Roots = AsyncIterable<{ readonly agent: unknown }>;

/** What a subscription asks of its results. */
export interface AskedResults {
  /** Their `type`, so that the caller knows an `ERROR` from an answer. */
  readonly type: boolean;
}

/** What is asked, and answered, over ARC's schema. `Call` is what comes with a subscription: who calls, and until when. */
export interface ArcOperationsOptions<Call> {
  /** The names of the agents, as the query `agent` tells them. */
  readonly names: readonly string[];
  /**
   * Answers the subscription `agent`: the roots of its results. GraphQL has checked the shape of the arguments before, but
   * neither roles nor lengths.
   *
   * @throws GraphQLError, or rejects with one, for arguments that are none or callers who may not, which those are told.
   */
  readonly answer: (args: unknown, call: Call, asked: AskedResults) => Roots | Promise<Roots>;
}

const schema = buildSchema(arcSchema);

/** Runs the operations of ARC's schema. */
export class ArcOperations<Call> {
  readonly #options: ArcOperationsOptions<Call>;
  readonly #documents = new Documents(schema);
  readonly #askingForType = new WeakMap<DocumentNode, boolean>();

  constructor(options: ArcOperationsOptions<Call>) {
    this.#options = options;
  }

  /** Runs a query; a subscription is answered without data, as ARC answers it. */
  async query(operation: ArcOperation): Promise<AnsweredOperation | RefusedOperation> {
    const prepared = this.#documents.prepare(operation);
    if (prepared.kind === "refused") return prepared;
    if (prepared.operation.operation === OperationTypeNode.QUERY) return this.#runQuery(prepared, operation);
    return { kind: "answered", result: { data: {} } };
  }

  /** Opens a subscription, which ends when the one who answers it ends it. */
  async start(operation: ArcOperation, call: Call): Promise<StartedOperation> {
    const prepared = this.#documents.prepare(operation);
    if (prepared.kind === "refused") return prepared.findsNone === true ? { kind: "unsupported" } : prepared;
    if (prepared.operation.operation === OperationTypeNode.QUERY) return { kind: "unsupported" };
    const asked = { type: this.#asksForType(prepared.document) };
    const agent = (args: unknown) => this.#options.answer(args, call, asked);
    const outcome = await subscribe({ ...executionOf(prepared, operation), rootValue: { agent } });
    if (Symbol.asyncIterator in outcome) return { kind: "streaming", results: outcome };
    return refusalOf(outcome, { prepared, operation });
  }

  #asksForType(document: DocumentNode): boolean {
    const known = this.#askingForType.get(document);
    if (known !== undefined) return known;
    const asks = asksForType(document, schema);
    this.#askingForType.set(document, asks);
    return asks;
  }

  async #runQuery(
    prepared: PreparedOperation,
    operation: ArcOperation,
  ): Promise<AnsweredOperation | RefusedOperation> {
    const rootValue = { agent: { names: this.#options.names } };
    const result = await execute({ ...executionOf(prepared, operation), rootValue });
    if (result.data === undefined) return refusalOf(result, { prepared, operation });
    return { kind: "answered", result };
  }
}

function executionOf({ document }: PreparedOperation, { variables, operationName }: ArcOperation) {
  return { schema, document, variableValues: variables, operationName: operationName || null };
}

/** Of an operation that was not begun: its variables are at fault, or the one who is to answer it refuses it. */
function refusalOf(
  { errors = [] }: ExecutionResult,
  { prepared, operation }: { readonly prepared: PreparedOperation; readonly operation: ArcOperation },
): RefusedOperation {
  const fault = variableFault(prepared.operation, { schema, variables: operation.variables });
  return { kind: "refused", errors: fault === undefined ? errors.map(bare) : [bounded(fault)] };
}

/** Where in the document an answer is refused says nothing that its text does not. */
function bare({ message, extensions }: GraphQLError): OperationError {
  return Object.keys(extensions).length === 0 ? { message } : { message, extensions };
}
