/** What is to be done for one Widget, decided from what is known; nothing is asked or written here. */
import { apiVersionOf, type ConditionFinding, type ObjectKey, setConditions } from "@lmos/kube";
import {
  type Condition,
  type ConfigMap,
  configMaps,
  type Widget,
  type WidgetStatus,
  widgets,
} from "./widget.ts";

/** Label that ties a ConfigMap to its Widget, besides the owner reference. */
export const widgetLabel = "faults.test/widget";

/** The field manager of everything that the controller writes. */
export const fieldManager = "widget-controller";

/** ConfigMaps that are missing, that may differ, and that nobody wants as far as is known. */
export interface ChildPlan {
  readonly missing: readonly ConfigMap[];
  readonly present: readonly { readonly live: ConfigMap; readonly desired: ConfigMap }[];
  readonly unwanted: readonly ConfigMap[];
}

/** Name of the Widget that a ConfigMap belongs to. */
export function widgetKeyOf(child: ConfigMap): readonly ObjectKey[] {
  const name = child.metadata.labels?.[widgetLabel];
  return name === undefined ? [] : [{ namespace: child.metadata.namespace, name }];
}

/** Compares what the Widget wants with what there is. */
export function planChildren(
  widget: Widget | undefined,
  children: readonly ConfigMap[],
  term: number | undefined,
): ChildPlan {
  const desired =
    widget === undefined ? [] : widget.spec.parts.map((part) => desiredChild(widget, part, term));
  const liveOf = ({ metadata }: ConfigMap): ConfigMap | undefined =>
    children.find((child) => child.metadata.name === metadata.name);
  return {
    missing: desired.filter((child) => liveOf(child) === undefined),
    present: desired.flatMap((child) => {
      const live = liveOf(child);
      return live === undefined || !isWanted(widget, live)
        ? []
        : [{ live, desired: atVersionOf(live, child) }];
    }),
    unwanted: children.filter((child) => !isWanted(widget, child)),
  };
}

/** Whether the Widget, this very one by its uid, wants that ConfigMap. */
export function isWanted(widget: Widget | undefined, child: ConfigMap): boolean {
  const { name, ownerReferences = [] } = child.metadata;
  if (widget === undefined || !ownerReferences.some(({ uid }) => uid === widget.metadata.uid)) return false;
  return widget.spec.parts.some((part) => childName(widget, part) === name);
}

/** What a reconcile has found out, besides what it has written. */
export interface Findings {
  readonly term: number | undefined;
  /** Fields that others had taken over and that were taken back. */
  readonly contended: readonly string[];
  /** Why the parts could not be written. */
  readonly failure?: { readonly reason: string; readonly message: string } | undefined;
}

/** The status to write; times change only when a condition changes its status. */
export function statusOf(
  widget: Widget,
  { term, contended, failure }: Findings,
  nowMs: number,
): WidgetStatus {
  const { generation } = widget.metadata;
  const written = { reason: "PartsWritten", message: `${widget.spec.parts.length} parts` };
  const ready = {
    type: "Ready",
    status: failure === undefined ? "True" : "False",
    ...(failure ?? written),
  } as const;
  const findings = [ready, contention(widget, contended)].map((finding) => ({
    ...finding,
    observedGeneration: generation,
  }));
  const conditions = [...setConditions(widget.status?.conditions, findings, nowMs)];
  const observedGeneration = failure === undefined ? generation : widget.status?.observedGeneration;
  return { observedGeneration, writerTerm: term, parts: [...widget.spec.parts], conditions };
}

/** Stays true until the Widget changes, so that somebody gets to see it. */
function contention(widget: Widget, contended: readonly string[]): ConditionFinding {
  const type = "Contended";
  if (contended.length > 0)
    return { type, status: "True", reason: "TakenBack", message: contended.join("; ") };
  const before = conditionOf(widget, type);
  if (before?.status === "True" && before.observedGeneration === widget.metadata.generation) {
    return { type, status: "True", reason: before.reason, message: before.message };
  }
  return { type, status: "False", reason: "NobodyElse", message: "" };
}

function conditionOf({ status }: Widget, type: string): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

function childName(widget: Widget, part: string): string {
  return `${widget.metadata.name}-${part}`;
}

function desiredChild(widget: Widget, part: string, term: number | undefined): ConfigMap {
  const { name, namespace, uid = "" } = widget.metadata;
  return {
    apiVersion: apiVersionOf(configMaps),
    kind: configMaps.kind,
    metadata: {
      name: childName(widget, part),
      namespace,
      labels: { [widgetLabel]: name },
      ownerReferences: [
        { apiVersion: apiVersionOf(widgets), kind: widgets.kind, name, uid, controller: true },
      ],
    },
    data: { text: widget.spec.text, ...(term !== undefined && { writerTerm: String(term) }) },
  };
}

/** The version is a precondition: whoever has read something older is told so. */
export function atVersionOf({ metadata: { resourceVersion } }: ConfigMap, desired: ConfigMap): ConfigMap {
  return { ...desired, metadata: { ...desired.metadata, resourceVersion } };
}
