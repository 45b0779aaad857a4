// What an agent remembers: reads and writes at the address that came with the turn. Memory is a help, not a condition:
// where there is none, or none can be reached, nothing is known and nothing is kept, and the turn goes on.
import { errorMessage, type JsonValue, type Logger } from "@lmos/primitives";
import { z } from "zod";
import { bearer } from "./bearer.ts";
import { AgentError } from "./errors.ts";

/** Where a value is. */
export interface MemoryPlace {
  /** `short` (unless given): for this conversation. `long`: for the user, in all conversations. */
  readonly term?: "short" | "long" | undefined;
  /** Who sees it beside this agent: nobody (`agent`), the agents of the channel (unless given), those of the `tenant`. */
  readonly scope?: "agent" | "channel" | "tenant" | undefined;
}

/** A value that is remembered, and who wrote it. */
export interface Remembered {
  readonly key: string;
  readonly value: JsonValue;
  readonly writtenBy: {
    readonly agent: string;
    readonly capability?: string | undefined;
    readonly turnId: string;
    /** RFC 3339. */
    readonly at: string;
  };
  /** RFC 3339. */
  readonly expiresAt: string;
}

/** What an agent remembers. An unusable key or value is an {@link AgentError} `InvalidMemory`. */
export interface AgentMemory {
  /** Undefined when nothing is remembered there, or memory cannot be reached. */
  get(key: string, place?: MemoryPlace): Promise<Remembered | undefined>;
  /** False when it could not be kept. */
  set(
    key: string,
    value: JsonValue,
    options?: MemoryPlace & { readonly ttlSeconds?: number | undefined },
  ): Promise<boolean>;
  /** False when there was nothing, or memory cannot be reached. */
  delete(key: string, place?: MemoryPlace): Promise<boolean>;
  /** All that is remembered there, by key. */
  list(place?: MemoryPlace): Promise<readonly Remembered[]>;
}

/** What memory needs. */
export interface AgentMemoryOptions {
  /** Undefined where the caller keeps no memory. */
  readonly url: string | undefined;
  /** Proves that it is this agent that asks, where the turn came with one. */
  readonly token?: string | undefined;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

const rememberedSchema = z.object({
  key: z.string(),
  value: z.custom<JsonValue>((value) => value !== undefined),
  writtenBy: z.object({
    agent: z.string(),
    capability: z.string().optional(),
    turnId: z.string(),
    at: z.string(),
  }),
  expiresAt: z.string(),
});
const listSchema = z.object({ entries: z.array(rememberedSchema) });
const problemSchema = z.object({ code: z.string(), detail: z.string() });

/** The memory of a turn. */
export function createAgentMemory(options: AgentMemoryOptions): AgentMemory {
  return {
    get: async (key, place) => {
      const answer = await send(options, { method: "GET", path: pathOf(place, key) });
      return answer?.status === 200 ? read(rememberedSchema, answer.body, options.logger) : undefined;
    },
    set: async (key, value, { ttlSeconds, ...place } = {}) => {
      const body = jsonOf(key, { value, ttlSeconds });
      return (await send(options, { method: "PUT", path: pathOf(place, key), body }))?.status === 200;
    },
    delete: async (key, place) =>
      (await send(options, { method: "DELETE", path: pathOf(place, key) }))?.status === 204,
    list: async ({ term = "short", scope = "channel" } = {}) => {
      const answer = await send(options, { method: "GET", path: `?term=${term}&scope=${scope}` });
      if (answer?.status !== 200) return [];
      return read(listSchema, answer.body, options.logger)?.entries ?? [];
    },
  };
}

interface MemoryRequest {
  readonly method: "GET" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: string;
}

interface MemoryAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Undefined when there was no answer. Throws `InvalidMemory` when the request was unusable. */
async function send(
  { url, token, logger, signal }: AgentMemoryOptions,
  { method, path, body }: MemoryRequest,
): Promise<MemoryAnswer | undefined> {
  if (url === undefined) return undefined;
  try {
    const ofBody = body === undefined ? {} : { "content-type": "application/json" };
    const headers = { ...ofBody, ...bearer(token) };
    const request = { method, headers, signal, redirect: "error", body: body ?? null } as const;
    const response = await fetch(`${url}${path}`, request);
    const answer = { status: response.status, body: readJson(await response.text()) };
    if (answer.status >= 400) report(answer, logger);
    return answer;
  } catch (error) {
    if (error instanceof AgentError || signal.aborted) throw error;
    logger.warn("Memory cannot be reached", { error: errorMessage(error) });
    return undefined;
  }
}

/** What cannot be read is not known: a turn goes on without it. */
function read<T>(schema: z.ZodType<T>, body: unknown, logger: Logger): T | undefined {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  logger.warn("Memory gave an answer that cannot be read", { error: z.prettifyError(parsed.error) });
  return undefined;
}

function report({ status, body }: MemoryAnswer, logger: Logger): void {
  const { data } = problemSchema.safeParse(body);
  if (status === 400) throw new AgentError("InvalidMemory", `memory: ${data?.detail ?? "status 400"}`);
  if (data?.code !== "no_memory") logger.warn("Memory was refused", { status, code: data?.code });
}

function pathOf({ term = "short", scope = "channel" }: MemoryPlace = {}, key: string): string {
  return `/${term}/${scope}/${encodeURIComponent(key)}`;
}

function jsonOf(key: string, entry: object): string {
  try {
    return JSON.stringify(entry);
  } catch (cause) {
    const message = `memory: the value of ${JSON.stringify(key)} can't be written as JSON; give plain data`;
    throw new AgentError("InvalidMemory", message, { cause });
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
