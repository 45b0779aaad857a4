/** The exchanges of testdata/recorded-exchanges.json, as they are sent and as they are expected. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { RawRequest } from "./raw-request.ts";
import { messageBody } from "./running-runtime.ts";

const exchangeSchema = z.object({
  name: z.string(),
  method: z.string(),
  path: z.string(),
  /** Instead of those of a message. */
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
  /** Beside those of a message. */
  more: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
  body: z.string().optional(),
  /** What the message says, where the body is one and nothing else is special. */
  content: z.string().optional(),
  /** The body in Base64, where it is no text. */
  bytes: z.string().optional(),
  port: z.literal("mgmt").optional(),
  /** What the operator answers meanwhile. */
  operator: z.string().optional(),
  response: z.object({
    status: z.number(),
    type: z.string().nullable().default("application/json"),
    body: z.string().optional(),
    /** Of errors, the code, and the message where it does not tell what is inside. */
    code: z.string().optional(),
    message: z.string().optional(),
  }),
});

/** An exchange with the original. */
export type RecordedExchange = z.infer<typeof exchangeSchema>;

const recordedSchema = z.object({
  operators: z.record(z.string(), z.object({ status: z.number(), body: z.unknown() })),
  exchanges: z.array(exchangeSchema),
});

const recorded = recordedSchema.parse(
  JSON.parse(readFileSync(new URL("../testdata/recorded-exchanges.json", import.meta.url), "utf8")),
);

/** All of them. */
export const recordedExchanges: readonly RecordedExchange[] = recorded.exchanges;

/** The request of one. */
export function requestOf(exchange: RecordedExchange): RawRequest {
  const { method, path, headers, more, content, bytes, body } = exchange;
  const isMessage = headers === undefined || content !== undefined;
  const text = body ?? (isMessage ? messageBody(content ?? "hello") : "");
  return {
    method,
    path,
    headers: headers ?? { "content-type": "application/json", "x-turn-id": "t1", ...more },
    body: bytes === undefined ? Buffer.from(text) : Buffer.from(bytes, "base64"),
  };
}

/** What the operator answers while one is sent; undefined for what it always answers. */
export function operatorAnswer(
  { operator, path }: RecordedExchange,
  agentHost: string,
): { readonly status: number; readonly body: unknown } | undefined {
  const answer = operator === undefined ? undefined : recorded.operators[operator];
  const [, tenant = ""] = /\/apis\/v1\/(?:tenants\/)?([^/]+)/.exec(path) ?? [];
  if (answer === undefined) return undefined;
  const text = JSON.stringify(answer.body ?? "").replaceAll('"AGENT"', JSON.stringify(agentHost));
  return { status: answer.status, body: JSON.parse(text.replaceAll('"TENANT"', JSON.stringify(tenant))) };
}
