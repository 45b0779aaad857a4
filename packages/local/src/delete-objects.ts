/** Deletes objects of any kind, as `kubectl delete -f` does. */
import { type CallOptions, type KubeClient, type KubeObject, keyOf } from "@lmos/kube";
import { createTypeFinder, parseObject } from "./object-types.ts";
import { isRefusal, type Refusal } from "./refusal.ts";

/** An object, and whether there was one to delete. */
export interface DeletedObject {
  readonly object: KubeObject;
  readonly outcome: "deleted" | "absent";
}

/** How to delete. */
export interface DeleteObjectsOptions extends CallOptions {
  /** Told of each object when it is deleted, or was not there. */
  readonly onDeleted?: ((deleted: DeletedObject) => void) | undefined;
  /** Told of each object that is refused, and the others are deleted then; unless given the first one ends it all. */
  readonly onRefused?: ((refusal: Refusal) => void) | undefined;
}

/**
 * Deletes the objects, the last one first, so that what was applied first goes last. Throws a LocalError
 * (`InvalidObject`, before anything is deleted; `UnknownKind`) or a KubeError.
 */
export async function deleteObjects(
  client: Pick<KubeClient, "delete" | "discover">,
  objects: readonly object[],
  { signal, onDeleted, onRefused }: DeleteObjectsOptions,
): Promise<readonly DeletedObject[]> {
  const findType = createTypeFinder(client, { signal });
  const deleted: DeletedObject[] = [];
  for (const object of objects.map(parseObject).toReversed()) {
    try {
      const type = await findType(object);
      const one = { object, outcome: await client.delete(type, keyOf(object), { signal }) };
      deleted.push(one);
      onDeleted?.(one);
    } catch (error) {
      if (onRefused === undefined || !isRefusal(error)) throw error;
      onRefused({ object, error });
    }
  }
  return deleted;
}
