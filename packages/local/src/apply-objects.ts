/** Applies objects of any kind, as `kubectl apply --server-side` does. */
import type { CallOptions, KubeClient, KubeObject } from "@lmos/kube";
import { createTypeFinder, parseObject } from "./object-types.ts";
import { isRefusal, type Refusal } from "./refusal.ts";

/** How to apply. */
export interface ApplyObjectsOptions extends CallOptions {
  /** Names the writer; `lmos` unless given. */
  readonly fieldManager?: string | undefined;
  /** Asks the server what it would store, which stores nothing. */
  readonly dryRun?: boolean | undefined;
  /** Told of each object when it is applied. */
  readonly onApplied?: ((object: KubeObject) => void) | undefined;
  /** Told of each object that is refused, and the others are applied then; unless given the first one ends it all. */
  readonly onRefused?: ((refusal: Refusal) => void) | undefined;
}

/**
 * Applies the objects in their order, asking the server for the resource behind each kind. Fields that another manager
 * owns are taken over. Throws a LocalError (`InvalidObject`, before anything is applied; `UnknownKind`) or a KubeError;
 * the objects before that one are applied then. Returns what was applied.
 */
export async function applyObjects(
  client: Pick<KubeClient, "apply" | "discover">,
  objects: readonly object[],
  { fieldManager = "lmos", dryRun, onApplied, onRefused, signal }: ApplyObjectsOptions,
): Promise<readonly KubeObject[]> {
  const findType = createTypeFinder(client, { signal });
  const applied: KubeObject[] = [];
  for (const object of objects.map(parseObject)) {
    try {
      const type = await findType(object);
      const options = { fieldManager, force: true, dryRun, signal };
      const stored = await client.apply<KubeObject>(type, object, options);
      applied.push(stored);
      onApplied?.(stored);
    } catch (error) {
      if (onRefused === undefined || !isRefusal(error)) throw error;
      onRefused({ object, error });
    }
  }
  return applied;
}
