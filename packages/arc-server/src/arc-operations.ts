import { type ArcOperation, arcSchema, subscriptionsPath } from "@lmos/protocol";
import { buildSchema, type DocumentNode, execute, OperationTypeNode, subscribe } from "graphql";
import { Documents } from "./documents.ts";
import {
  type AnsweredOperation,
  type RefusedOperation,
  refuseOperation,
  type StartedOperation,
} from "./started-operation.ts";

type Roots = AsyncIterable<{ readonly agent: unknown }>;

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
  readonly answer: (args: unknown, call: Call) => Roots | Promise<Roots>;
}

const schema = buildSchema(arcSchema);

/** Runs the operations of ARC's schema. */
export class ArcOperations<Call> {
  readonly #options: ArcOperationsOptions<Call>;
  readonly #documents = new Documents(schema);

  constructor(options: ArcOperationsOptions<Call>) {
    this.#options = options;
  }

  /** Runs a query; a subscription is refused. */
  async query(operation: ArcOperation): Promise<AnsweredOperation | RefusedOperation> {
    const prepared = this.#documents.prepare(operation);
    if (prepared.kind === "refused") return prepared;
    if (prepared.type === OperationTypeNode.QUERY) return this.#runQuery(prepared.document, operation);
    return refuseOperation(`A ${prepared.type} can't be run here: open a WebSocket on ${subscriptionsPath}.`);
  }

  /** Runs a query or opens a subscription, which ends when the one who answers it ends it. */
  async start(operation: ArcOperation, call: Call): Promise<StartedOperation> {
    const prepared = this.#documents.prepare(operation);
    if (prepared.kind === "refused") return prepared;
    if (prepared.type === OperationTypeNode.QUERY) return this.#runQuery(prepared.document, operation);
    const agent = (args: unknown) => this.#options.answer(args, call);
    const outcome = await subscribe({ ...executionOf(prepared.document, operation), rootValue: { agent } });
    if (Symbol.asyncIterator in outcome) return { kind: "streaming", results: outcome };
    return { kind: "refused", errors: outcome.errors ?? [] };
  }

  async #runQuery(document: DocumentNode, operation: ArcOperation): Promise<AnsweredOperation> {
    const rootValue = { agent: { names: this.#options.names } };
    return {
      kind: "answered",
      result: await execute({ ...executionOf(document, operation), rootValue }),
    };
  }
}

function executionOf(document: DocumentNode, { variables, operationName }: ArcOperation) {
  return { schema, document, variableValues: variables, operationName: operationName ?? null };
}
