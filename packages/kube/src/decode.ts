/** Objects where they enter the process: completed, freed of managed fields, and parsed by their type. */
import { errorMessage, isRecord } from "@lmos/primitives";
import { attachManagedFields } from "./applied-fields.ts";
import type { InvalidObject, ObjectList } from "./client.ts";
import { KubeError } from "./errors.ts";
import type { KubeObject, ObjectKey } from "./object.ts";
import { apiVersionOf, type ResourceType } from "./resource-type.ts";

/** An object that could be parsed, or why not. */
export type Decoded<T> =
  | { readonly kind: "valid"; readonly object: T }
  | { readonly kind: "invalid"; readonly invalid: InvalidObject };

/** Parses one object; never throws. */
export function decodeObject<T extends KubeObject>(type: ResourceType<T>, raw: unknown): Decoded<T> {
  const { managedFields, ...metadata } = metadataOf(raw);
  try {
    if (keyIn(metadata) === undefined) throw new KubeError("ProtocolError", "metadata.name is missing");
    // Items of built-in lists come without apiVersion and kind.
    const object = type.parse({ apiVersion: apiVersionOf(type), kind: type.kind, ...record(raw), metadata });
    attachManagedFields(object, managedFields);
    return { kind: "valid", object };
  } catch (error) {
    return { kind: "invalid", invalid: describeInvalid(metadata, errorMessage(error)) };
  }
}

/** Parses the one object that a call is about; throws ProtocolError. */
export function decodeAnswer<T extends KubeObject>(type: ResourceType<T>, raw: unknown, what: string): T {
  const decoded = decodeObject(type, raw);
  if (decoded.kind === "valid") return decoded.object;
  throw new KubeError("ProtocolError", `${what}: not a ${type.kind}: ${decoded.invalid.reason}`);
}

/** Parses one page of a list; throws ProtocolError when it is no list at all. */
export function decodeList<T extends KubeObject>(
  type: ResourceType<T>,
  raw: unknown,
  what: string,
): ObjectList<T> {
  const metadata = metadataOf(raw);
  const items = record(raw)["items"] ?? [];
  const resourceVersion = textOf(metadata["resourceVersion"]);
  if (!Array.isArray(items) || resourceVersion === undefined) {
    throw new KubeError("ProtocolError", `${what}: the answer is not a list`);
  }
  const decoded = items.map((item: unknown) => decodeObject(type, item));
  return {
    items: decoded.flatMap((item) => (item.kind === "valid" ? [item.object] : [])),
    invalid: decoded.flatMap((item) => (item.kind === "invalid" ? [item.invalid] : [])),
    resourceVersion,
    continueToken: textOf(metadata["continue"]) || undefined,
  };
}

/** `metadata` of anything; empty where there is none. */
export function metadataOf(raw: unknown): Record<string, unknown> {
  return record(record(raw)["metadata"]);
}

/** The value when it is a text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function describeInvalid(metadata: Record<string, unknown>, reason: string): InvalidObject {
  return { key: keyIn(metadata), resourceVersion: textOf(metadata["resourceVersion"]), reason };
}

function keyIn(metadata: Record<string, unknown>): ObjectKey | undefined {
  const name = textOf(metadata["name"]);
  const namespace = textOf(metadata["namespace"]);
  if (name === undefined) return undefined;
  return namespace === undefined ? { name } : { namespace, name };
}

function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
