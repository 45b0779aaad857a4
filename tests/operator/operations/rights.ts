/** Rights as texts, granted and used, so that the two can be compared. */
import type { Permission } from "@lmos/kube";
import type { HistoryEntry } from "@lmos/testing";

/** `apps/deployments list`, one for each verb. */
export function grantedRights(permissions: readonly Permission[]): readonly string[] {
  const rights = permissions.flatMap(({ group, resource, verbs }) =>
    verbs.map((verb) => `${group}/${resource} ${verb}`),
  );
  return [...new Set(rights)].sort();
}

/** What the server was asked and allowed. An apply is a patch, and also a creation where it made the object. */
export function usedRights(history: readonly HistoryEntry[]): readonly string[] {
  const answers = new Map(
    history.flatMap((entry) => (entry.kind === "answer" ? [[entry.id, entry.status] as const] : [])),
  );
  const used = history.flatMap((entry) => {
    if (entry.kind !== "request" || entry.request.verb === undefined) return [];
    const { group, resource, subresource, verb } = entry.request;
    const target = `${group}/${resource}${subresource === undefined ? "" : `/${subresource}`}`;
    if (verb !== "apply") return [`${target} ${verb}`];
    return [`${target} patch`, ...(answers.get(entry.id) === 201 ? [`${target} create`] : [])];
  });
  return [...new Set(used)].sort();
}

/** Requests that were refused for want of a right. */
export function refusals(history: readonly HistoryEntry[]): readonly string[] {
  const refused = new Set(
    history.flatMap((entry) => (entry.kind === "answer" && entry.status === 403 ? [entry.id] : [])),
  );
  return history.flatMap((entry) =>
    entry.kind === "request" && refused.has(entry.id) ? [`${entry.request.verb} ${entry.request.path}`] : [],
  );
}
