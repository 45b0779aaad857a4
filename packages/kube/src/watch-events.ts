/** The frames of a watch: one JSON object a line, `{type, object}`. */
import { isRecord } from "@lmos/primitives";
import type { WatchEvent } from "./client.ts";
import { decodeObject, metadataOf, textOf } from "./decode.ts";
import { KubeError } from "./errors.ts";
import { errorOfAnswer } from "./failure.ts";
import type { KubeObject } from "./object.ts";
import type { ResourceType } from "./resource-type.ts";

/** Parses one line. An ERROR frame throws the error it carries: `Expired` for status 410. */
export function decodeWatchEvent<T extends KubeObject>(
  type: ResourceType<T>,
  line: string,
  what: string,
): WatchEvent<T> {
  const frame = parseFrame(line, what);
  switch (frame["type"]) {
    case "ADDED":
      return change(type, "added", frame["object"]);
    case "MODIFIED":
      return change(type, "modified", frame["object"]);
    case "DELETED":
      return change(type, "deleted", frame["object"]);
    case "BOOKMARK":
      return bookmark(frame["object"], what);
    case "ERROR":
      throw statusError(frame["object"], what);
    default:
      throw new KubeError("ProtocolError", `${what}: an event of unknown type`);
  }
}

function parseFrame(line: string, what: string): Record<string, unknown> {
  try {
    const frame: unknown = JSON.parse(line);
    if (isRecord(frame)) return frame;
  } catch (error) {
    throw new KubeError("ProtocolError", `${what}: an event is not JSON`, { cause: error });
  }
  throw new KubeError("ProtocolError", `${what}: an event is not an object`);
}

function change<T extends KubeObject>(
  type: ResourceType<T>,
  kind: "added" | "modified" | "deleted",
  raw: unknown,
): WatchEvent<T> {
  const decoded = decodeObject(type, raw);
  if (decoded.kind === "valid") return { kind, object: decoded.object };
  return { kind: "invalid", invalid: decoded.invalid };
}

function bookmark<T>(raw: unknown, what: string): WatchEvent<T> {
  const resourceVersion = textOf(metadataOf(raw)["resourceVersion"]);
  if (resourceVersion === undefined)
    throw new KubeError("ProtocolError", `${what}: a bookmark without a version`);
  return { kind: "bookmark", resourceVersion };
}

function statusError(raw: unknown, what: string): KubeError {
  const status = isRecord(raw) && typeof raw["code"] === "number" ? raw["code"] : 500;
  return errorOfAnswer({ what, status, body: raw });
}
