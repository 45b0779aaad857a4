/** Reads the body of a request, bounded, as JSON, YAML or protobuf. */
import type { IncomingMessage } from "node:http";
import { asObject, errorMessage, type JsonObject, type JsonValue } from "@lmos/primitives";
import { decodeProtobuf } from "@lmos/resource-definitions";
import { parseAllDocuments } from "yaml";
import { RequestError } from "../errors.ts";
import { duplicateFields } from "./duplicate-fields.ts";

/** The largest body that is read, in bytes. */
export const maxBodyBytes = 3_145_728;

/** A body and what it is written in. */
export interface Body {
  /** Without parameters: `application/json`. */
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** The media type of protobuf. */
export const protobufType = "application/vnd.kubernetes.protobuf";

/** A parsed body. */
export interface ParsedBody<T> {
  readonly value: T;
  /** Paths of fields that are given more than once: the last one counts. */
  readonly duplicates: readonly string[];
}

/** Reads the whole body. Throws `RequestEntityTooLarge`. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > maxBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  const mediaType =
    request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? "application/json";
  return { mediaType, bytes: Buffer.concat(chunks) };
}

/** Parses a body by its media type; what is no other is JSON. Throws `BadRequest`, naming the kind that was expected. */
export function parseBody({ mediaType, bytes }: Body, kind: string): ParsedBody<JsonValue> {
  const { what, parse } = parserOf(mediaType);
  try {
    return parse(bytes);
  } catch (error) {
    throw unrecognized(kind, `${what}: ${errorMessage(error)}`, bytes);
  }
}

interface Parser {
  readonly what: string;
  readonly parse: (bytes: Buffer) => ParsedBody<JsonValue>;
}

function parserOf(mediaType: string): Parser {
  if (mediaType.endsWith("yaml")) return { what: "yaml", parse: parseYaml };
  if (mediaType !== protobufType) return { what: "json parse error", parse: parseJson };
  return { what: "protobuf", parse: (bytes) => ({ value: decodeProtobuf(bytes), duplicates: [] }) };
}

/** Parses a body that must be an object. */
export function parseObject(body: Body, kind: string): ParsedBody<JsonObject> {
  const { value, duplicates } = parseBody(body, kind);
  const object = asObject(value);
  if (object === undefined) throw unrecognized(kind, "not an object", body.bytes);
  return { value: object, duplicates };
}

function unrecognized(kind: string, why: string, bytes: Buffer): RequestError {
  const text = bytes.toString("utf8");
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  const message = `the object provided is unrecognized (must be of type ${kind}): ${why} (${shown})`;
  return new RequestError("BadRequest", message);
}

function tooLarge(): RequestError {
  return new RequestError("RequestEntityTooLarge", `Request entity too large: limit is ${maxBodyBytes}`);
}

function parseJson(bytes: Buffer): ParsedBody<JsonValue> {
  const text = bytes.toString("utf8");
  return { value: JSON.parse(text) as JsonValue, duplicates: duplicateFields(text) };
}

function parseYaml(bytes: Buffer): ParsedBody<JsonValue> {
  const text = bytes.toString("utf8");
  return { value: jsonIn(text) ?? yamlValue(text), duplicates: [] };
}

/** The object of a text that is JSON, as most YAML of programs is: many times faster, and the same value. */
function jsonIn(text: string): JsonObject | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return undefined; // YAML in flow style, or a fault that the reader of YAML is to name
  }
}

function yamlValue(text: string): JsonValue {
  const [document] = parseAllDocuments(text, { uniqueKeys: false });
  if (document === undefined || !("toJS" in document)) return null;
  const [fault] = document.errors;
  if (fault !== undefined) throw fault;
  return JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: 100 }))) as JsonValue;
}
