/** Applies objects of any kind, as `kubectl apply --server-side` does. */
import type { CallOptions, KubeClient, KubeObject } from "@lmos/kube";
import { createTypeFinder, parseObject } from "./object-types.ts";

/** How to apply. */
export interface ApplyObjectsOptions extends CallOptions {
  /** Names the writer; `lmos` unless given. */
  readonly fieldManager?: string | undefined;
  /** Told of each object when it is applied. */
  readonly onApplied?: ((object: KubeObject) => void) | undefined;
}

/**
 * Applies the objects in their order, asking the server for the resource behind each kind. Fields that another manager
 * owns are taken over. Throws a LocalError (`InvalidObject`, `UnknownKind`) or what the server refuses as a KubeError;
 * the objects before that one are applied then.
 */
export async function applyObjects(
  client: Pick<KubeClient, "apply" | "discover">,
  objects: readonly object[],
  { fieldManager = "lmos", onApplied, signal }: ApplyObjectsOptions,
): Promise<readonly KubeObject[]> {
  const findType = createTypeFinder(client, { signal });
  const applied: KubeObject[] = [];
  for (const object of objects.map(parseObject)) {
    const type = await findType(object);
    const stored = await client.apply<KubeObject>(type, object, { fieldManager, force: true, signal });
    applied.push(stored);
    onApplied?.(stored);
  }
  return applied;
}
