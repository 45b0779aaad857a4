/**
 * Brings the ConfigMaps and the status of one Widget in line. While the stores lack what we wrote ourselves, nothing is
 * decided: so one change of a Widget costs the same writes on every run. The order matters: a new leader first claims the Widget
 * for its term, so that the server refuses what an older one still writes; every update carries the version that was
 * read; and nothing is deleted before the server itself has confirmed that nobody wants it.
 */
import {
  applyIfChanged,
  type CallOptions,
  isKubeError,
  type KubeClient,
  type KubeError,
  keyOf,
  keyText,
  type ObjectKey,
  type OwnWrites,
  type Requeue,
  requeueOnChange,
  type Store,
} from "@lmos/kube";
import { type Clock, isRecord } from "@lmos/primitives";
import { atVersionOf, type ChildPlan, fieldManager, isWanted, planChildren, statusOf } from "./plan.ts";
import { type ConfigMap, configMaps, type Widget, type WidgetStatus, widgets } from "./widget.ts";

/** What a reconcile reads and writes with. */
export interface WidgetWorld {
  readonly client: KubeClient;
  /** Of that client. */
  readonly writes: Pick<OwnWrites, "requeueIfBehind">;
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
  const plan = planChildren(widget, world.children.byIndex("widget", keyText(key)), world.term);
  const tooEarly = requeueIfBehind(world, key, plan);
  if (tooEarly !== undefined) return tooEarly;
  if (widget !== undefined) await claim(world, widget, options);
  await confess(world, widget, options, async () => {
    await prune(world, { key, unwanted: plan.unwanted }, options);
    const contended = await writeChildren(world, plan, options);
    if (widget === undefined || plan.unwanted.length > 0) return;
    await writeStatus(
      world,
      widget,
      statusOf(widget, { term: world.term, contended }, world.clock.now()),
      options,
    );
  });
  return requeueOnChange;
}

/** What to return while the stores lack our own last writes of the Widget or of one of its parts. */
function requeueIfBehind(
  { writes, ...stores }: WidgetWorld,
  key: ObjectKey,
  { missing, present, unwanted }: ChildPlan,
): Requeue | undefined {
  const children = [...missing, ...present.map(({ live }) => live), ...unwanted].map(keyOf);
  return children.reduce<Requeue | undefined>(
    (behind, child) => behind ?? writes.requeueIfBehind(configMaps, stores.children, child),
    writes.requeueIfBehind(widgets, stores.widgets, key),
  );
}

/** Says in the status why the server refuses what has to be done. */
async function confess(
  world: WidgetWorld,
  widget: Widget | undefined,
  options: CallOptions,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { term } = world;
    if (widget !== undefined && isRefusal(error)) {
      const failure = { reason: error.code, message: error.message };
      const status = statusOf(widget, { term, contended: [], failure }, world.clock.now());
      await writeStatus(world, widget, status, options);
    }
    throw error;
  }
}

function isRefusal(error: unknown): error is KubeError {
  return isKubeError(error, "Forbidden") || isKubeError(error, "Unauthorized");
}

/** Creates and updates; tells which fields of others were taken back. */
async function writeChildren(
  { client }: WidgetWorld,
  { missing, present }: ChildPlan,
  options: CallOptions,
): Promise<readonly string[]> {
  const contended: string[] = [];
  for (const child of missing) await create({ client }, child, options);
  for (const { live, desired } of present) {
    const as = { fieldManager, ...options };
    try {
      await applyIfChanged(client, configMaps, live, desired, as);
    } catch (error) {
      const owners = otherOwners(error);
      if (owners === undefined) throw error;
      contended.push(...owners);
      await applyIfChanged(client, configMaps, live, desired, { ...as, force: true });
    }
  }
  return contended;
}

/** Which other managers own what was to be applied; undefined when the error is about something else. */
function otherOwners(error: unknown): readonly string[] | undefined {
  const causes = isKubeError(error, "Conflict") ? error.details["causes"] : undefined;
  if (!Array.isArray(causes)) return undefined;
  const conflicts = causes.filter(isRecord).filter(({ reason }) => reason === "FieldManagerConflict");
  if (conflicts.length === 0) return undefined;
  const messages = conflicts.map(({ field, message }) => `${String(field)}: ${String(message)}`);
  return messages.filter((message) => !message.includes(`"${fieldManager}"`)); // we, when we created it
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

/**
 * Creates it and claims its fields at once, so that nothing is left to do when the status is written. Someone, perhaps
 * ourselves in an attempt whose answer was lost, may have made it: then the store will show it.
 */
async function create(
  { client }: Pick<WidgetWorld, "client">,
  child: ConfigMap,
  options: CallOptions,
): Promise<void> {
  const as = { fieldManager, ...options };
  try {
    const made = await client.create(configMaps, child, as);
    await applyIfChanged(client, configMaps, made, atVersionOf(made, child), { ...as, force: true });
  } catch (error) {
    if (!isKubeError(error, "AlreadyExists")) throw error;
  }
}
