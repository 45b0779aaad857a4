/** Finds the resource behind the kind of an object by asking the API server. */
import { type CallOptions, type KubeClient, type KubeObject, keyText, type ResourceType } from "@lmos/kube";
import { isRecord } from "@lmos/primitives";
import { LocalError } from "./errors.ts";

/** Asks for the types of each apiVersion once. */
export function createTypeFinder(
  client: Pick<KubeClient, "discover">,
  options: CallOptions,
): (object: KubeObject) => Promise<ResourceType> {
  const known = new Map<string, readonly ResourceType[]>();
  return async ({ apiVersion, kind, metadata }) => {
    const types = known.get(apiVersion) ?? (await client.discover(apiVersion, options));
    known.set(apiVersion, types);
    const type = types.find((candidate) => candidate.kind === kind);
    if (type !== undefined) return type;
    const message = `${keyText(metadata)}: the API server serves no kind ${kind} in ${apiVersion}`;
    throw new LocalError("UnknownKind", message, { details: { apiVersion, kind } });
  };
}

/** An object, or a LocalError `InvalidObject`. */
export function parseObject(value: object): KubeObject {
  if (isKubeObject(value)) return value;
  throw new LocalError("InvalidObject", "an object to apply lacks apiVersion, kind or metadata.name");
}

function isKubeObject(value: unknown): value is KubeObject {
  if (!isRecord(value) || !isRecord(value["metadata"])) return false;
  const { apiVersion, kind, metadata } = value;
  return typeof apiVersion === "string" && typeof kind === "string" && typeof metadata["name"] === "string";
}
