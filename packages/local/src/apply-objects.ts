/** Applies objects of any kind, as `kubectl apply --server-side` does. */
import { type CallOptions, type KubeClient, type KubeObject, keyText, type ResourceType } from "@lmos/kube";
import { isRecord } from "@lmos/primitives";
import { LocalError } from "./errors.ts";

/** How to apply. */
export interface ApplyObjectsOptions extends CallOptions {
  /** Names the writer; `lmos` unless given. */
  readonly fieldManager?: string | undefined;
}

/**
 * Applies the objects in their order, asking the server for the resource behind each kind. Fields that another manager
 * owns are taken over. Throws a LocalError (`InvalidObject`, `UnknownKind`) or what the server refuses as a KubeError;
 * the objects before that one are applied then.
 */
export async function applyObjects(
  client: Pick<KubeClient, "apply" | "discover">,
  objects: readonly object[],
  { fieldManager = "lmos", signal }: ApplyObjectsOptions,
): Promise<readonly KubeObject[]> {
  const findType = createTypeFinder(client, { signal });
  const applied: KubeObject[] = [];
  for (const object of objects.map(parseObject)) {
    const type = await findType(object);
    applied.push(await client.apply(type, object, { fieldManager, force: true, signal }));
  }
  return applied;
}

/** Asks for the types of each apiVersion once. */
function createTypeFinder(
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

function parseObject(value: object): KubeObject {
  if (isKubeObject(value)) return value;
  throw new LocalError("InvalidObject", "an object to apply lacks apiVersion, kind or metadata.name");
}

function isKubeObject(value: unknown): value is KubeObject {
  if (!isRecord(value) || !isRecord(value["metadata"])) return false;
  const { apiVersion, kind, metadata } = value;
  return typeof apiVersion === "string" && typeof kind === "string" && typeof metadata["name"] === "string";
}
