/** Lists with paging. Every page shows the state at one revision, however many writes happen in between. */

import { nextTurn } from "@lmos/primitives";
import { RequestError } from "../errors.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import type { StoredObject } from "../storage/stored-object.ts";
import { invalidOptions, tooLargeRevision } from "./failures.ts";
import { type Selection, selects, selectsAll } from "./selection.ts";
import { storageResource } from "./view.ts";

/** One page of a list. */
export interface ListPage {
  readonly revision: number;
  readonly items: readonly StoredObject[];
  /** What to give to get the next page; undefined at the end. */
  readonly continueToken: string | undefined;
  /** How many objects follow; undefined if unknown, as selectors are in play. */
  readonly remaining: number | undefined;
}

interface Start {
  readonly at: number;
  readonly after: { readonly namespace: string; readonly name: string };
}

const chunk = 500;

/** Reads a page as the query asks (`limit`, `continue`, `resourceVersion`, `resourceVersionMatch`). */
export async function listPage(
  store: ObjectStore,
  selection: Selection,
  query: URLSearchParams,
): Promise<ListPage> {
  const start = startOf(query, store);
  const limit = parseLimit(query.get("limit"));
  const { items, complete } = await collect(store, selection, { ...start, limit });
  const last = items.at(-1);
  if (complete || last === undefined) {
    return { revision: start.at, items, continueToken: undefined, remaining: undefined };
  }
  const after = { namespace: last.namespace, name: last.name };
  const rest = {
    resource: storageResource(selection.definition),
    namespace: selection.namespace,
    at: start.at,
  };
  const remaining = selectsAll(selection) ? store.countAfter({ ...rest, after }) : undefined;
  const continueToken = remaining === 0 ? undefined : encodeContinue({ at: start.at, after });
  return { revision: start.at, items, continueToken, remaining: remaining === 0 ? undefined : remaining };
}

/** Reads a `resourceVersion`. Throws `BadRequest`, or what Kubernetes has no reason for where a watch starts. */
export function parseRevision(
  text: string | null,
  reason: "BadRequest" | "Unknown" = "BadRequest",
): number | undefined {
  if (text === null || text === "") return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const why = `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  const message = `resourceVersion: Invalid value: ${JSON.stringify(text)}: ${why}`;
  throw new RequestError(reason, reason === "Unknown" ? message : `invalid resource version: ${message}`);
}

/** Throws `Invalid` where `resourceVersionMatch` does not go with the version. */
function requireMatch(version: string | null, match: string | null): void {
  if (match === null || match === "") return;
  const field = "resourceVersionMatch";
  const forbidden = (detail: string) => invalidOptions("ListOptions", { kind: "Forbidden", field, detail });
  if (!version) throw forbidden("resourceVersionMatch is forbidden unless resourceVersion is provided");
  if (match !== "Exact" && match !== "NotOlderThan") {
    const detail = 'supported values: "Exact", "NotOlderThan", ""';
    throw invalidOptions("ListOptions", { kind: "NotSupported", field, value: match, detail });
  }
  if (match === "Exact" && version === "0") {
    throw forbidden('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  }
}

/** Reads selected objects up to the limit, in chunks that let others have their turn in between. */
async function collect(
  store: ObjectStore,
  selection: Selection,
  { at, after: start, limit }: Start & { readonly limit: number },
): Promise<{ readonly items: readonly StoredObject[]; readonly complete: boolean }> {
  const resource = storageResource(selection.definition);
  const items: StoredObject[] = [];
  const size = Math.min(chunk, limit);
  let after = start;
  for (;;) {
    const page = store.page({ resource, namespace: selection.namespace, at, after, limit: size });
    const selected = page.filter((object) => selects(selection, object));
    items.push(...selected.slice(0, limit - items.length));
    const last = page.at(-1);
    if (last === undefined || page.length < size) return { items, complete: items.length < limit };
    if (items.length === limit) return { items, complete: false };
    after = { namespace: last.namespace, name: last.name };
    await nextTurn();
  }
}

function startOf(query: URLSearchParams, store: ObjectStore): Start {
  const token = query.get("continue");
  if (token !== null && token !== "") {
    requireNoVersion(query.get("resourceVersion"));
    return decodeContinue(token);
  }
  const after = { namespace: "", name: "" };
  requireMatch(query.get("resourceVersion"), query.get("resourceVersionMatch"));
  const wanted = parseRevision(query.get("resourceVersion"));
  if (wanted !== undefined && wanted > store.revision) throw tooLargeRevision(wanted, store.revision);
  const exact = query.get("resourceVersionMatch") === "Exact" && wanted !== undefined;
  return { at: exact ? wanted : store.revision, after };
}

/** The token says which version its pages show. Throws `BadRequest`. */
function requireNoVersion(version: string | null): void {
  if (version === null || version === "" || version === "0") return;
  const message = "specifying resource version is not allowed when using continue";
  throw new RequestError("BadRequest", message);
}

function parseLimit(text: string | null): number {
  if (text === null || text === "") return Number.MAX_SAFE_INTEGER;
  if (/^[+-]?\d+$/.test(text)) return Number(text) > 0 ? Number(text) : Number.MAX_SAFE_INTEGER;
  throw new RequestError("BadRequest", `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}

function encodeContinue({ at, after }: Start): string {
  return Buffer.from(JSON.stringify([at, after.namespace, after.name])).toString("base64url");
}

function decodeContinue(token: string): Start {
  const text = Buffer.from(token, "base64url").toString("utf8");
  const found = /^\[(?<at>\d+),"(?<namespace>[^"\\]*)","(?<name>[^"\\]*)"\]$/.exec(text)?.groups;
  if (found === undefined) throw new RequestError("BadRequest", "continue key is not valid");
  const { at, namespace = "", name = "" } = found;
  return { at: Number(at), after: { namespace, name } };
}
