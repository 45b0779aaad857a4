/** Asks a runtime's management address what is kept for a user, and erases it. */
import { request } from "undici";
import { z } from "zod";
import { CliError } from "./errors.ts";

/** Whose memory. */
export interface UserAddress {
  /** Where the runtime answers operators: its management address. */
  readonly managementUrl: string;
  readonly tenant: string;
  /** What clients call the user; the subject of its token where `issuer` is given. */
  readonly user: string;
  readonly issuer?: string | undefined;
}

const memorySchema = z.object({
  term: z.enum(["short", "long"]),
  visibility: z.string(),
  key: z.string(),
  value: z.unknown(),
  writtenBy: z.object({
    agent: z.string(),
    capability: z.string().optional(),
    turnId: z.string(),
    at: z.string(),
  }),
  expiresAt: z.string(),
});
/** A value that agents remember. */
export type KeptMemory = z.infer<typeof memorySchema>;

const auditSchema = z.object({
  action: z.enum(["write", "delete", "erase"]),
  by: z.string(),
  at: z.string(),
  turnId: z.string().optional(),
  visibility: z.string().optional(),
  name: z.string().optional(),
});
/** Who did what, without the value. */
export type AuditEntry = z.infer<typeof auditSchema>;

const erasureSchema = z.object({ erased: z.object({ conversations: z.int(), memories: z.int() }) });
/** How much was erased. */
export type Erasure = z.infer<typeof erasureSchema>["erased"];

interface CallOptions {
  readonly signal: AbortSignal;
}

const timeoutMs = 10_000;

/** All that agents remember of a user and its conversations. Throws a CliError, as all of these do. */
export async function readMemories(user: UserAddress, options: CallOptions): Promise<readonly KeptMemory[]> {
  const schema = z.object({ entries: z.array(memorySchema) });
  return (await ask(user, { method: "GET", path: "/memory", schema }, options)).entries;
}

/** What was written, deleted and erased, oldest first. */
export async function readAudit(user: UserAddress, options: CallOptions): Promise<readonly AuditEntry[]> {
  const schema = z.object({ entries: z.array(auditSchema) });
  return (await ask(user, { method: "GET", path: "/audit", schema }, options)).entries;
}

/** Erases all conversations and memories of a user. */
export async function eraseUser(user: UserAddress, options: CallOptions): Promise<Erasure> {
  return (await ask(user, { method: "DELETE", path: "", schema: erasureSchema }, options)).erased;
}

interface Question<T> {
  readonly method: "GET" | "DELETE";
  readonly path: string;
  readonly schema: z.ZodType<T>;
}

async function ask<T>(
  { managementUrl, tenant, user, issuer }: UserAddress,
  { method, path, schema }: Question<T>,
  { signal }: CallOptions,
): Promise<T> {
  const below = `users/${encodeURIComponent(tenant)}/${encodeURIComponent(user)}${path}`;
  const url = new URL(below, `${managementUrl.replace(/\/+$/, "")}/`);
  if (issuer !== undefined) url.searchParams.set("issuer", issuer);
  const limits = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
  const response = await request(url, { method, signal, ...limits }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new CliError("Unreachable", `the runtime at ${managementUrl} cannot be reached`, { cause });
  });
  const text = await response.body.text();
  if (response.statusCode !== 200) throw refusal(response.statusCode, managementUrl);
  const read = schema.safeParse(parseJson(text));
  if (read.success) return read.data;
  throw new CliError("Findings", `what answers at ${managementUrl} is no management address of a runtime`);
}

function refusal(status: number, managementUrl: string): CliError {
  switch (status) {
    case 404:
      return new CliError(
        "NotFound",
        `${managementUrl} knows no users: give the management address of the runtime (port 9090) with --management`,
      );
    case 503:
      return new CliError("Unreachable", "the runtime's store cannot be reached at the moment: try again");
    default:
      return new CliError("Findings", `the runtime answered ${status}`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
