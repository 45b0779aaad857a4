// GraphQL operations on the agents of a server: parse and validate a document, run a query, open a subscription.
// Documents are short and always the same few, so the validated ones are kept.
import {
  type AgentRequest,
  type AgentResult,
  type ArcOperation,
  agentRequestSchema,
  subscriptionsPath,
} from "@lmos/protocol";
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  getOperationAST,
  OperationTypeNode,
  parse,
  recommendedRules,
  specifiedRules,
  subscribe,
  validate,
} from "graphql";
import { z } from "zod";
import { agentSchema } from "./graphql-schema.ts";
import { runTurn } from "./run-turn.ts";
import type { Caller, TurnServices } from "./turn.ts";

/** How an operation begins: answered at once, going to be answered piece by piece, or refused. */
export type StartedOperation =
  | { readonly kind: "answered"; readonly result: ExecutionResult }
  | { readonly kind: "streaming"; readonly results: AsyncIterable<ExecutionResult> }
  | { readonly kind: "refused"; readonly errors: readonly GraphQLError[] };

const maxDocumentTokens = 4_000;
const maxKeptDocuments = 64;
const rules = [...specifiedRules, ...recommendedRules];

/** The GraphQL side of a server. */
export class GraphqlService {
  readonly #services: TurnServices;
  readonly #kept = new Map<string, DocumentNode>();

  constructor(services: TurnServices) {
    this.#services = services;
  }

  /** Runs a query at once; a subscription is refused. */
  async query(operation: ArcOperation): Promise<Exclude<StartedOperation, { kind: "streaming" }>> {
    const prepared = this.#prepare(operation);
    if (prepared.kind === "refused") return prepared;
    if (prepared.type === OperationTypeNode.QUERY) return this.#runQuery(prepared.document, operation);
    return refuse(`A ${prepared.type} can't be run here; open a WebSocket on ${subscriptionsPath}`);
  }

  /** Runs a query or opens a subscription, which ends early when the signal is aborted. */
  async start(
    operation: ArcOperation,
    { caller, signal }: { readonly caller: Caller; readonly signal: AbortSignal },
  ): Promise<StartedOperation> {
    const prepared = this.#prepare(operation);
    if (prepared.kind === "refused") return prepared;
    if (prepared.type === OperationTypeNode.QUERY) return this.#runQuery(prepared.document, operation);
    const agent = (args: unknown) => {
      const turn = { ...parseArguments(args), caller };
      return asRootValues(runTurn(turn, this.#services, { signal }));
    };
    const outcome = await subscribe({ ...executionArgs(prepared.document, operation), rootValue: { agent } });
    if (Symbol.asyncIterator in outcome) return { kind: "streaming", results: outcome };
    return { kind: "refused", errors: outcome.errors ?? [] };
  }

  async #runQuery(document: DocumentNode, operation: ArcOperation) {
    const names = this.#services.agents.map(({ name }) => name);
    const rootValue = { agent: { names } };
    const result = await execute({ ...executionArgs(document, operation), rootValue });
    return { kind: "answered", result } as const;
  }

  #prepare({ query, operationName }: ArcOperation): PreparedOperation {
    const document = this.#kept.get(query) ?? parseDocument(query);
    if (Array.isArray(document)) return { kind: "refused", errors: document };
    if (this.#kept.size < maxKeptDocuments) this.#kept.set(query, document);
    return selectOperation(document, operationName);
  }
}

type PreparedOperation =
  | { readonly kind: "prepared"; readonly document: DocumentNode; readonly type: OperationTypeNode }
  | { readonly kind: "refused"; readonly errors: readonly GraphQLError[] };

const argumentsSchema = z.object({ request: agentRequestSchema, agentName: z.string().nullish() });

/** Throws a GraphQLError that names the field; GraphQL has checked the shape before, but not the role. */
function parseArguments(args: unknown): { request: AgentRequest; agentName: string | undefined } {
  const parsed = argumentsSchema.safeParse(args);
  if (!parsed.success) throw new GraphQLError(z.prettifyError(parsed.error));
  return { request: parsed.data.request, agentName: parsed.data.agentName ?? undefined };
}

function parseDocument(query: string): DocumentNode | GraphQLError[] {
  try {
    const document = parse(query, { maxTokens: maxDocumentTokens });
    const errors = validate(agentSchema, document, rules);
    return errors.length === 0 ? document : [...errors];
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

function selectOperation(document: DocumentNode, operationName: string | undefined): PreparedOperation {
  const operation = getOperationAST(document, operationName);
  if (operation) return { kind: "prepared", document, type: operation.operation };
  return refuse("Name one operation of the document");
}

/** The field `agent` of each event is its result. */
async function* asRootValues(results: AsyncIterable<AgentResult>): AsyncGenerator<{ agent: AgentResult }> {
  for await (const result of results) yield { agent: result };
}

function executionArgs(document: DocumentNode, operation: ArcOperation) {
  return {
    schema: agentSchema,
    document,
    variableValues: operation.variables,
    operationName: operation.operationName ?? null,
  };
}

function refuse(message: string): { kind: "refused"; errors: readonly GraphQLError[] } {
  return { kind: "refused", errors: [new GraphQLError(message)] };
}
