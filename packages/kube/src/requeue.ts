/** When a key that was reconciled without an error is due again. */
export type Requeue = { readonly kind: "onChange" } | { readonly kind: "after"; readonly ms: number };

/** Due again when a source names it. */
export const requeueOnChange: Requeue = { kind: "onChange" };

/** Due again after `ms` milliseconds, or earlier when a source names it. */
export function requeueAfter(ms: number): Requeue {
  return { kind: "after", ms };
}
