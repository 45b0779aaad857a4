/** Deletes objects of any kind, as `kubectl delete -f` does. */
import { type CallOptions, type KubeClient, type KubeObject, keyOf } from "@lmos/kube";
import { createTypeFinder, parseObject } from "./object-types.ts";

/** An object, and whether there was one to delete. */
export interface DeletedObject {
  readonly object: KubeObject;
  readonly outcome: "deleted" | "absent";
}

/**
 * Deletes the objects, the last one first, so that what was applied first goes last. Throws a LocalError
 * (`InvalidObject`, `UnknownKind`) or what the server refuses as a KubeError.
 */
export async function deleteObjects(
  client: Pick<KubeClient, "delete" | "discover">,
  objects: readonly object[],
  { signal }: CallOptions,
): Promise<readonly DeletedObject[]> {
  const findType = createTypeFinder(client, { signal });
  const deleted: DeletedObject[] = [];
  for (const object of objects.map(parseObject).toReversed()) {
    const type = await findType(object);
    deleted.push({ object, outcome: await client.delete(type, keyOf(object), { signal }) });
  }
  return deleted;
}
