import type { IncomingMessage } from "node:http";
import type { JsonObject } from "@lmos/primitives";
import type { SchemaDocuments } from "../discovery/schema-documents.ts";
import type { RegistryContext } from "../registry/context.ts";
import type { ChangeLog } from "../watch/change-log.ts";
import type { Body } from "./body.ts";

/** What the handlers of a server share. */
export interface Api {
  readonly registry: RegistryContext;
  readonly log: ChangeLog;
  readonly schemas: SchemaDocuments;
}

/** One request on its way to a handler. */
export interface Exchange {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  /** Reads the body; at most once. */
  readonly body: () => Promise<Body>;
  /** Adds a `Warning` header to the answer. */
  readonly warn: (text: string) => void;
  /** Aborted when the client has gone or the server stops. */
  readonly signal: AbortSignal;
}

/** `Success` as `metav1.Status`, about the object that is gone. */
export function successStatus(details: JsonObject): JsonObject {
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
}
