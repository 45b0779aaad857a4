import { isRecord, type JsonObject, type JsonValue } from "@lmos/primitives";
import fastJsonPatch, { type Operation } from "fast-json-patch";

/** The outcome of a JSON patch: it applies as a whole or not at all. */
export type JsonPatchOutcome =
  | { readonly kind: "patched"; readonly value: JsonValue }
  /** An operation is malformed, names a path that is not there, or its test failed. */
  | { readonly kind: "failed"; readonly reason: string };

/** Applies a JSON patch (RFC 6902). The document is not changed. */
export function jsonPatch(document: JsonObject, operations: readonly JsonObject[]): JsonPatchOutcome {
  try {
    const value = operations.reduce<JsonValue>(
      (current, operation) =>
        fastJsonPatch.applyPatch(current, asOperations([lenient(current, operation)]), true, false)
          .newDocument,
      document,
    );
    return { kind: "patched", value };
  } catch (error) {
    return { kind: "failed", reason: reasonOf(error) };
  }
}

/** As kube-apiserver's library reads it: what is replaced in an object need not be there, and what is added may be nothing. */
function lenient(document: JsonValue, operation: JsonObject): JsonObject {
  const { op, path, value = null } = operation;
  if (op === "add") return { ...operation, value };
  if (op !== "replace" || typeof path !== "string" || path === "") return operation;
  const parent: unknown = fastJsonPatch.getValueByPointer(document, path.slice(0, path.lastIndexOf("/")));
  return isRecord(parent) ? { ...operation, op: "add", value } : operation;
}

/** Parses the operations: the library checks each before it applies it. */
function asOperations(operations: readonly JsonObject[]): Operation[] {
  return operations as readonly unknown[] as Operation[];
}

/** The first line of the library's error; the lines below repeat the document. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n")[0] ?? message;
}
