import type { KubeClient, KubeObject, ObjectList, ResourceType, Selection } from "@lmos/kube";

const pageSize = 500;

/** All objects of a type, page by page. `resourceVersion` is that of the last page: a watch can go on from there. */
export async function readAll<T extends KubeObject>(
  client: KubeClient,
  type: ResourceType<T>,
  options: Selection & { readonly signal: AbortSignal },
): Promise<ObjectList<T>> {
  let page = await client.list(type, { ...options, limit: pageSize });
  const items = [...page.items];
  const invalid = [...page.invalid];
  while (page.continueToken !== undefined) {
    page = await client.list(type, { ...options, limit: pageSize, continueToken: page.continueToken });
    items.push(...page.items);
    invalid.push(...page.invalid);
  }
  return { ...page, items, invalid };
}
