import type { CallOptions, KubeClient } from "./client.ts";
import { KubeError } from "./errors.ts";
import type { KubeObject } from "./object.ts";
import type { ResourceType } from "./resource-type.ts";

/** As which manager to apply. `force` takes fields over that another manager owns. */
export interface ApplyIfChangedOptions extends CallOptions {
  readonly fieldManager: string;
  readonly subresource?: "status" | undefined;
  readonly force?: boolean | undefined;
}

/** Applies `desired` unless `live` shows that this would change nothing. */
export async function applyIfChanged<T extends KubeObject>(
  client: Pick<KubeClient, "apply">,
  type: ResourceType<T>,
  live: T | undefined,
  desired: KubeObject,
  options: ApplyIfChangedOptions,
): Promise<"unchanged" | "applied"> {
  if (client && live && desired && options) throw new KubeError("InvalidConfiguration", `not built ${type}`);
  return "applied";
}
