// A tool: a named function with checked input, for models to choose and for `respond` to call.
import { errorMessage, isRecord, type JsonObject, type Logger } from "@lmos/primitives";
import { z } from "zod";
import { AgentError } from "./errors.ts";
import type { TurnClaims } from "./turn-claims.ts";

/** What a tool sees of the turn in which it is called. */
export interface ToolContext {
  readonly conversationId: string;
  /** Of this turn; invented when the caller sent none. */
  readonly turnId: string;
  readonly userId?: string | undefined;
  /** What the turn's verified token says; undefined unless the agent is served with `tokens`. */
  readonly claims?: TurnClaims | undefined;
  /** The rollout subset of this turn (`stable`, `canary`), as the caller's `x-subset` header said. */
  readonly subset?: string | undefined;
  /** W3C trace context of the caller; send it on with calls that belong to this turn. */
  readonly traceparent?: string | undefined;
  /** What the caller's tracing systems keep in that trace; it goes on with `traceparent`. */
  readonly tracestate?: string | undefined;
  /** Aborted when the caller goes away or the time for the turn is over. Pass it to whatever waits. */
  readonly signal: AbortSignal;
  /** Its lines carry agent, conversation and turn. */
  readonly logger: Logger;
  /** The value under that key of the request's system context (tenant, channel and other facts of the caller). */
  system(key: string): string | undefined;
  /** The value under that key of the user's profile. */
  user(key: string): string | undefined;
}

/** Something an agent can do. Made by {@link defineTool}. */
export interface Tool<Input = unknown, Output = unknown> {
  readonly name: string;
  /** Read by the model when it chooses. */
  readonly description: string;
  /** JSON Schema of the input. */
  readonly inputSchema: JsonObject;
  /** Checks the input and runs the tool; an {@link AgentError} `InvalidToolInput` when it doesn't fit. */
  call(input: Input, context: ToolContext): Promise<Output>;
}

/** What {@link defineTool} needs. */
export interface ToolDefinition<Schema extends z.ZodType, Output> {
  /** Letters, digits, `_` and `-`, at most 64. */
  readonly name: string;
  readonly description: string;
  /** A Zod object; its texts (`.describe`) are read by the model. */
  readonly parameters: Schema;
  execute(input: z.output<Schema>, context: ToolContext): Output | Promise<Output>;
}

/** Makes a tool. Throws an {@link AgentError} `InvalidDefinition` when a model couldn't use it. */
export function defineTool<Schema extends z.ZodType, Output>(
  definition: ToolDefinition<Schema, Output>,
): Tool<z.input<Schema>, Output> {
  const { name, description, parameters } = definition;
  if (!toolName.test(name)) {
    throw invalid(
      `tool name ${JSON.stringify(name)} can't be used: take 1 to 64 letters, digits, "_" or "-"`,
    );
  }
  return {
    name,
    description,
    inputSchema: inputSchemaOf(name, parameters),
    call: async (input, context) => definition.execute(parse(name, parameters, input), context),
  };
}

const toolName = /^[A-Za-z0-9_-]{1,64}$/;

function parse<Schema extends z.ZodType>(tool: string, schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new AgentError("InvalidToolInput", `input of tool "${tool}": ${z.prettifyError(parsed.error)}`);
}

function inputSchemaOf(tool: string, schema: z.ZodType): JsonObject {
  const json = toJsonSchema(tool, schema);
  if (json["type"] === "object") return json;
  throw invalid(`tool "${tool}": parameters must be an object; write z.object({ … })`);
}

function toJsonSchema(tool: string, schema: z.ZodType): JsonObject {
  try {
    return parseJsonObject(JSON.stringify(z.toJSONSchema(schema, { io: "input" })));
  } catch (error) {
    throw invalid(
      `tool "${tool}": parameters can't be told to a model (${errorMessage(error)}); use plain JSON types`,
    );
  }
}

function parseJsonObject(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  if (!isRecord(value)) throw new TypeError("not an object");
  return value as JsonObject;
}

function invalid(message: string): AgentError {
  return new AgentError("InvalidDefinition", message);
}
