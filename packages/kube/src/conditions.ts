/**
 * Conditions of a status, as the API conventions of Kubernetes have them: a list by type, in which the time of a
 * condition changes only with its status, so that a controller at rest writes nothing.
 */
import { formatTimestamp } from "@lmos/primitives";

/** What a controller has found out about one aspect of an object. */
export interface ConditionFinding {
  /** CamelCase, such as `Ready`. */
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  /** Why, in one CamelCase word. */
  readonly reason: string;
  /** The sentence for people. */
  readonly message: string;
  /** `metadata.generation` of what was looked at. */
  readonly observedGeneration?: number | undefined;
}

/** A condition as it stands in a status. */
export interface ConditionEntry extends ConditionFinding {
  /** RFC 3339: since when it has this status. */
  readonly lastTransitionTime: string;
}

/**
 * The conditions after these findings: one that keeps its status keeps its time, any other gets `nowMs` (milliseconds
 * since the Unix epoch). Conditions of other types stay as they are; the order of the earlier ones is kept.
 */
export function setConditions(
  earlier: readonly ConditionEntry[] | undefined,
  findings: readonly ConditionFinding[],
  nowMs: number,
): readonly ConditionEntry[] {
  const merged = new Map((earlier ?? []).map((condition) => [condition.type, condition]));
  for (const finding of findings) {
    const before = merged.get(finding.type);
    const lastTransitionTime =
      before?.status === finding.status ? before.lastTransitionTime : formatTimestamp(nowMs);
    merged.set(finding.type, { ...finding, lastTransitionTime });
  }
  return [...merged.values()];
}
