/** Installs CustomResourceDefinitions and waits until their kinds are served. */
import { type CallOptions, type KubeClient, type KubeObject, keyOf, type ResourceType } from "@lmos/kube";
import { type Clock, isLmosError, withDeadline } from "@lmos/primitives";
import { z } from "zod";
import { applyObjects } from "./apply-objects.ts";
import { LocalError } from "./errors.ts";

const definitionSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  status: z
    // A new definition's conditions are null on kube-apiserver.
    .object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).nullish() })
    .optional(),
});
type Definition = z.infer<typeof definitionSchema>;

const definitionType: ResourceType<Definition> = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
  parse: (value) => definitionSchema.parse(value),
};

const timeoutMs = 30_000;
const pollMs = 50;

/**
 * Applies the definitions and resolves when all are established. Throws a LocalError `NotEstablished` when one is not
 * within 30 seconds.
 */
export async function installDefinitions(
  client: Pick<KubeClient, "apply" | "discover" | "get">,
  definitions: readonly object[],
  { clock, signal }: CallOptions & { readonly clock: Clock },
): Promise<void> {
  const applied = await applyObjects(client, definitions, { signal });
  using deadline = withDeadline("waiting for CustomResourceDefinitions", timeoutMs, { clock, signal });
  const options = { clock, signal: deadline.signal };
  try {
    await Promise.all(applied.map((definition) => untilEstablished(client, definition, options)));
  } catch (error) {
    if (!isLmosError(error) || error.code !== "DeadlineExceeded") throw error;
    throw new LocalError("NotEstablished", "a CustomResourceDefinition was not established", {
      cause: error,
    });
  }
}

async function untilEstablished(
  client: Pick<KubeClient, "get">,
  definition: KubeObject,
  { clock, signal }: CallOptions & { readonly clock: Clock },
): Promise<void> {
  while (!isEstablished(await client.get(definitionType, keyOf(definition), { signal }))) {
    await clock.sleep(pollMs, { signal });
  }
}

function isEstablished(definition: Definition | undefined): boolean {
  const conditions = definition?.status?.conditions ?? [];
  return conditions.some(({ type, status }) => type === "Established" && status === "True");
}
