/**
 * Brings the ConfigMaps and the status of one Widget in line. The order matters: a new leader first claims the Widget
 * for its term, so that the server refuses what an older one still writes; every update carries the version that was
 * read; and nothing is deleted before the server itself has confirmed that nobody wants it.
 */
import {
  applyIfChanged,
  type CallOptions,
  isKubeError,
  type KubeClient,
  keyOf,
  keyText,
  type ObjectKey,
  type Requeue,
  requeueOnChange,
  type Store,
} from "@lmos/kube";
import type { Clock } from "@lmos/primitives";
import { fieldManager, isWanted, planChildren, statusOf } from "./plan.ts";
import { type ConfigMap, configMaps, type Widget, type WidgetStatus, widgets } from "./widget.ts";

/** What a reconcile reads and writes with. */
export interface WidgetWorld {
  readonly client: KubeClient;
  readonly widgets: Store<Widget>;
  /** Indexed under `widget` by the key of the Widget. */
  readonly children: Store<ConfigMap>;
  /** Of the leader; absent where there is no election. */
  readonly term: number | undefined;
  readonly clock: Clock;
}

/** One reconcile of one Widget, which may be gone. */
export async function reconcileWidget(
  world: WidgetWorld,
  key: ObjectKey,
  options: CallOptions,
): Promise<Requeue> {
  const widget = world.widgets.get(key);
  const children = world.children.byIndex("widget", keyText(key));
  if (widget !== undefined) await claim(world, widget, options);
  const plan = planChildren(widget, children, world.term);
  await prune(world, { key, unwanted: plan.unwanted }, options);
  for (const child of plan.missing) await create(world, child, options);
  for (const { live, desired } of plan.present) {
    await applyIfChanged(world.client, configMaps, live, desired, { fieldManager, force: true, ...options });
  }
  if (widget !== undefined && plan.unwanted.length === 0) {
    await writeStatus(world, widget, { ...statusOf(widget, world.term, world.clock.now()) }, options);
  }
  return requeueOnChange;
}

/** Shows the term on the Widget before anything else is written for it. */
async function claim({ client, term }: WidgetWorld, widget: Widget, options: CallOptions): Promise<void> {
  if (term === undefined || widget.status?.writerTerm === term) return;
  await writeStatus({ client }, widget, { ...widget.status, writerTerm: term }, options);
}

async function writeStatus(
  { client }: Pick<WidgetWorld, "client">,
  widget: Widget,
  status: WidgetStatus,
  options: CallOptions,
): Promise<void> {
  const { apiVersion, kind, metadata } = widget;
  const desired = { apiVersion, kind, metadata: keyOf(widget), status };
  // The uid: a Widget of the same name that was made meanwhile is another one.
  const bound = { ...desired, metadata: { ...desired.metadata, uid: metadata.uid } };
  const as = { fieldManager, subresource: "status", force: true, ...options } as const;
  await applyIfChanged(client, widgets, widget, bound, as);
}

/** Stores lag behind: what looks unwanted is deleted only where the server says so too. */
async function prune(
  { client }: WidgetWorld,
  { key, unwanted }: { readonly key: ObjectKey; readonly unwanted: readonly ConfigMap[] },
  options: CallOptions,
): Promise<void> {
  if (unwanted.length === 0) return;
  const confirmed = await client.get(widgets, key, options);
  for (const child of unwanted.filter((each) => !isWanted(confirmed, each))) {
    const { uid, resourceVersion } = child.metadata;
    await client.delete(configMaps, keyOf(child), { uid, resourceVersion, ...options });
  }
}

/** Someone, perhaps ourselves in an attempt whose answer was lost, may have made it: then the store will show it. */
async function create({ client }: WidgetWorld, child: ConfigMap, options: CallOptions): Promise<void> {
  try {
    await client.create(configMaps, child, { fieldManager, ...options });
  } catch (error) {
    if (!isKubeError(error, "AlreadyExists")) throw error;
  }
}
