/** Reads the body of a request, bounded, as JSON, YAML or protobuf. */
import type { IncomingMessage } from "node:http";
import { duplicateFields, parseGoJson } from "@lmos/kubernetes-syntax";
import { asObject, errorMessage, type JsonObject, type JsonValue, textAt } from "@lmos/primitives";
import { decodeProtobuf, type ResourceDefinition } from "@lmos/resource-definitions";
import { parseAllDocuments } from "yaml";
import { RequestError } from "../errors.ts";

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
    request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase() || "application/json";
  return { mediaType, bytes: Buffer.concat(chunks) };
}

/** Parses a body by its media type; what is no other is JSON. Throws `BadRequest`, naming the kind that was expected. */
function parseBody({ mediaType, bytes }: Body, kind: string): ParsedBody<JsonValue> {
  const { what, parse } = parserOf(mediaType);
  try {
    return parse(bytes);
  } catch (error) {
    throw unrecognized(kind, `${what}${errorMessage(error)}`, bytes);
  }
}

interface Parser {
  readonly what: string;
  readonly parse: (bytes: Buffer) => ParsedBody<JsonValue>;
}

const typeless = "couldn't get version/kind; json parse error: ";

function parserOf(mediaType: string): Parser {
  if (mediaType.endsWith("yaml")) return { what: "", parse: parseYaml };
  if (mediaType !== protobufType) return { what: typeless, parse: parseJson };
  return { what: "protobuf: ", parse: (bytes) => ({ value: decodeProtobuf(bytes), duplicates: [] }) };
}

/** Parses a body that must be an object and say its type where the kind is a custom one; a built-in one may be nothing. */
export function parseObject(
  body: Body,
  { kind, origin }: Pick<ResourceDefinition, "kind" | "origin">,
): ParsedBody<JsonObject> {
  const { value, duplicates } = parseBody(body, kind);
  const object = value === null ? {} : asObject(value);
  if (object === undefined) throw unrecognized(kind, `${typeless}${wrongValue(value)}`, body.bytes);
  const fault = typeFault(object) ?? (origin === "custom" ? missingType(object, body.bytes) : undefined);
  if (fault !== undefined) throw unrecognized(kind, fault, body.bytes);
  return { value: object, duplicates };
}

const typeMembers = ["apiVersion", "kind"] as const;
const typeStruct =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

function wrongValue(value: JsonValue): string {
  return `json: cannot unmarshal ${goKind(value)} into Go value of type ${typeStruct}`;
}

function typeFault(object: JsonObject): string | undefined {
  const wrong = typeMembers.find((member) => typeof (object[member] ?? "") !== "string");
  if (wrong !== undefined) {
    return `${typeless}json: cannot unmarshal ${goKind(object[wrong])} into Go struct field .${wrong} of type string`;
  }
  const version = textAt(object, "apiVersion") ?? "";
  return version.split("/").length > 2 ? `unexpected GroupVersion string: ${version}` : undefined;
}

function missingType(object: JsonObject, bytes: Buffer): string | undefined {
  return object["kind"] ? undefined : `Object 'Kind' is missing in '${bytes.toString("utf8")}'`;
}

/** What Go calls a JSON value. */
export function goKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

function unrecognized(kind: string, why: string, bytes: Buffer): RequestError {
  const message = `the object provided is unrecognized (must be of type ${kind}): ${why} (${summary(bytes)})`;
  return new RequestError("BadRequest", message);
}

const shownBytes = 30;

/** The begin of a body as Kubernetes shows it: an object as it is, anything else in hexadecimal. */
function summary(bytes: Buffer): string {
  if (bytes.length === 0) return "<empty>";
  const shown = bytes.subarray(0, shownBytes).toString(bytes[0] === 0x7b ? "utf8" : "hex");
  return bytes.length > shownBytes ? `${shown} ...` : shown;
}

function tooLarge(): RequestError {
  return new RequestError("RequestEntityTooLarge", `Request entity too large: limit is ${maxBodyBytes}`);
}

/** Parses JSON. Throws in the words of Go. */
export function parseJson(bytes: Buffer): ParsedBody<JsonValue> {
  const text = bytes.toString("utf8");
  return { value: parseGoJson(text) as JsonValue, duplicates: duplicateFields(text) };
}

/** Parses the first document of a YAML text; JSON is YAML too. Throws. */
export function parseYaml(bytes: Buffer): ParsedBody<JsonValue> {
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
  if (fault !== undefined) throw new SyntaxError(`yaml: ${firstLine(fault.message)}`, { cause: fault });
  return JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: 100 }))) as JsonValue;
}

/** The lines below repeat the text. */
function firstLine(message: string): string {
  return message.split("\n")[0] ?? message;
}
