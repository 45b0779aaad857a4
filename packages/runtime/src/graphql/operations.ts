/**
 * GraphQL operations on a runtime: a document is parsed, validated and run. Documents are short and always the same
 * few, so the validated ones are kept.
 */
import { type ArcOperation, agentRequestSchema, arcSchema } from "@lmos/protocol";
import {
  buildSchema,
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
  parse,
  recommendedRules,
  specifiedRules,
  subscribe,
  validate,
} from "graphql";
import { z } from "zod";
import type { Caller } from "../auth/identity.ts";
import { type AdmittedTurnServices, runAdmitted } from "../http/run-admitted.ts";
import type { Correlation } from "../turn/turn.ts";
import { type AgentResultRoot, agentResults, graphqlError } from "./agent-results.ts";
import { acceptRequest } from "./turn-of-request.ts";

/** How an operation begins: answered at once, going to be answered piece by piece, or refused. */
export type StartedOperation =
  | { readonly kind: "answered"; readonly result: ExecutionResult }
  | { readonly kind: "streaming"; readonly results: AsyncIterable<ExecutionResult> }
  | Refused;

interface Refused {
  readonly kind: "refused";
  readonly errors: readonly GraphQLError[];
}

/** Who subscribes. */
export interface SubscriptionCall {
  readonly correlation: Correlation;
  /** Who proved to be the user; undefined where users don't have to. */
  readonly caller?: Caller | undefined;
  readonly signal: AbortSignal;
}

/** To a client, the runtime is one agent. */
const names = ["lmos-runtime"];
const maxDocumentTokens = 4000;
const maxKeptDocuments = 64;
const rules = [...specifiedRules, ...recommendedRules];
const argumentsSchema = z.object({ request: agentRequestSchema });

/** The GraphQL side of a runtime. */
export class GraphqlOperations {
  readonly #services: AdmittedTurnServices;
  readonly #schema: GraphQLSchema = buildSchema(arcSchema);
  readonly #kept = new Map<string, DocumentNode>();

  constructor(services: AdmittedTurnServices) {
    this.#services = services;
  }

  /** Runs a query; a subscription is refused. */
  async query(operation: ArcOperation): Promise<Exclude<StartedOperation, { kind: "streaming" }>> {
    const prepared = this.#prepare(operation);
    if (prepared.kind === "refused") return prepared;
    if (prepared.type === OperationTypeNode.QUERY) return this.#runQuery(prepared.document, operation);
    return refuse(`A ${prepared.type} can't be run here: open a WebSocket on /subscriptions.`);
  }

  /** Runs a query or opens a subscription; aborting cancels its turn. */
  async start(operation: ArcOperation, call: SubscriptionCall): Promise<StartedOperation> {
    const prepared = this.#prepare(operation);
    if (prepared.kind === "refused") return prepared;
    if (prepared.type === OperationTypeNode.QUERY) return this.#runQuery(prepared.document, operation);
    const agent = (args: unknown) => this.#runTurn(args, call);
    const outcome = await subscribe({
      ...this.#executionArgs(prepared.document, operation),
      rootValue: { agent },
    });
    if (Symbol.asyncIterator in outcome) return { kind: "streaming", results: outcome };
    return { kind: "refused", errors: outcome.errors ?? [] };
  }

  /** GraphQL has checked the shape of the arguments before, but neither roles nor lengths. */
  #runTurn(args: unknown, { signal, ...call }: SubscriptionCall): AsyncGenerator<AgentResultRoot, void> {
    const parsed = argumentsSchema.safeParse(args);
    if (!parsed.success) throw new GraphQLError(z.prettifyError(parsed.error));
    const acceptance = acceptRequest(parsed.data.request, call);
    if (acceptance.kind === "refused") throw graphqlError(acceptance.failure);
    const { turn } = acceptance;
    return agentResults(runAdmitted(turn, this.#services, { signal }), turn.turnId);
  }

  async #runQuery(document: DocumentNode, operation: ArcOperation) {
    const rootValue = { agent: { names } };
    const result = await execute({ ...this.#executionArgs(document, operation), rootValue });
    return { kind: "answered", result } as const;
  }

  #prepare({ query, operationName }: ArcOperation): PreparedOperation {
    const document = this.#kept.get(query) ?? parseDocument(query, this.#schema);
    if (Array.isArray(document)) return { kind: "refused", errors: document };
    if (this.#kept.size < maxKeptDocuments) this.#kept.set(query, document);
    return selectOperation(document, operationName);
  }

  #executionArgs(document: DocumentNode, { variables, operationName }: ArcOperation) {
    return {
      schema: this.#schema,
      document,
      variableValues: variables,
      operationName: operationName ?? null,
    };
  }
}

type PreparedOperation =
  | { readonly kind: "prepared"; readonly document: DocumentNode; readonly type: OperationTypeNode }
  | Refused;

function parseDocument(query: string, schema: GraphQLSchema): DocumentNode | GraphQLError[] {
  try {
    const document = parse(query, { maxTokens: maxDocumentTokens });
    const errors = validate(schema, document, rules);
    return errors.length === 0 ? document : [...errors];
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

function selectOperation(document: DocumentNode, operationName: string | undefined): PreparedOperation {
  const operation = getOperationAST(document, operationName);
  if (operation) return { kind: "prepared", document, type: operation.operation };
  return refuse("Name one operation of the document.");
}

function refuse(message: string): Refused {
  return { kind: "refused", errors: [new GraphQLError(message)] };
}
