/** What the handlers of objects share: how to write an answer, which bodies to accept. */

import type { ResourceDefinition } from "@lmos/resource-definitions";
import { RequestError } from "../errors.ts";
import type { StoredObject } from "../storage/stored-object.ts";
import { parseAccept } from "./accept.ts";
import { type Encoding, encodeObject, requireMetadataOf } from "./encode.ts";
import type { Api, Exchange } from "./exchange.ts";
import { type Reply, replyText } from "./reply.ts";

/** How the answer to a request is to be written. */
export function encodingOf(api: Api, exchange: Exchange, definition: ResourceDefinition): Encoding {
  const include = exchange.query.get("includeObject");
  return {
    definition,
    as: parseAccept(exchange.headers.accept).as,
    includeObject: include === "None" || include === "Object" ? include : "Metadata",
    nowMs: api.registry.clock.now(),
  };
}

/** One object as the answer. */
export function replyStored(
  api: Api,
  exchange: Exchange,
  answer: {
    readonly status: number;
    readonly definition: ResourceDefinition;
    readonly stored: StoredObject;
  },
): Reply {
  const { format } = parseAccept(exchange.headers.accept);
  const encoding = encodingOf(api, exchange, answer.definition);
  requireMetadataOf("one", encoding);
  const text = encodeObject(encoding, answer.stored);
  return replyText(answer.status, text, format);
}

/** Throws `UnsupportedMediaType` unless the body is of one of these types. */
export function requireMediaType(mediaType: string, accepted: readonly string[]): void {
  if (!accepted.includes(mediaType)) throw unsupportedMediaType(accepted);
}

/** 415: names what is accepted. */
export function unsupportedMediaType(accepted: readonly string[]): RequestError {
  const list = accepted.join(", ");
  const message = `the body of the request was in an unknown format - accepted media types include: ${list}`;
  return new RequestError("UnsupportedMediaType", message);
}
