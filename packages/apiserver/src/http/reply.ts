/** What a handler answers with; written to the socket in one place. */
import type { JsonObject } from "@lmos/primitives";
import { stringify } from "yaml";
import { type RequestError, statusCodes } from "../errors.ts";
import type { Representation } from "./accept.ts";

/** An answer: a whole text, or lines that are sent as they come. */
export type Reply =
  | { readonly kind: "text"; readonly status: number; readonly contentType: string; readonly text: string }
  | { readonly kind: "lines"; readonly contentType: string; readonly lines: AsyncIterable<string> };

/** A JSON text, or the same as YAML if that was asked for. */
export function replyText(status: number, text: string, format: Representation["format"] = "json"): Reply {
  if (format === "json") return { kind: "text", status, contentType: "application/json", text };
  return {
    kind: "text",
    status,
    contentType: "application/yaml",
    text: stringify(JSON.parse(text), goStyle),
  };
}

/** As Go writes YAML: members by name, lists at the level of their member. */
const goStyle = { sortMapEntries: true, indentSeq: false } as const;

/** The content type of texts for people. */
export const plainText = "text/plain; charset=utf-8";

/** A JSON object. */
export function replyObject(status: number, object: JsonObject): Reply {
  return replyText(status, JSON.stringify(object));
}

/** A failure as `metav1.Status`. */
export function replyFailure(error: RequestError, format: Representation["format"] = "json"): Reply {
  return replyText(statusCodes[error.reason], JSON.stringify(failureStatus(error)), format);
}

/** The `metav1.Status` of a failure. */
export function failureStatus(error: RequestError): JsonObject {
  const { reason, status: details } = error;
  const status = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: error.message,
    ...(reason === "Unknown" ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code: statusCodes[reason],
  };
  return JSON.parse(JSON.stringify(status, withoutEmpty)) as JsonObject; // drops the members that are undefined
}

/** Kubernetes leaves out what is empty: the core group, the name of an object that has none. */
function withoutEmpty(key: string, value: unknown): unknown {
  return value === "" && ["group", "kind", "name"].includes(key) ? undefined : value;
}
