import type { HistoryEntry } from "../fault-proxy/history.ts";
import { mutationsOf } from "../fault-proxy/history.ts";

/** How often each object was created and deleted: `create configmaps a-x` → 1. */
export type WriteSummary = Readonly<Record<string, number>>;

/**
 * Creations and deletions that the server accepted, by object. Updates may be repeated after a crash without harm, these
 * may not.
 */
export function summarizeWrites(history: readonly HistoryEntry[]): WriteSummary {
  const counted = mutationsOf(history, ({ verb }) => verb === "create" || verb === "delete");
  const summary: Record<string, number> = {};
  for (const { request, status, name } of counted) {
    if (status >= 300) continue;
    const key = `${request.verb} ${request.resource} ${name ?? ""}`;
    summary[key] = (summary[key] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(summary).sort(([a], [b]) => a.localeCompare(b)));
}
