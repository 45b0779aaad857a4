import type { ResourceDefinition } from "@lmos/resource-definitions";
import { RequestError } from "../errors.ts";
import { invalidOptions, tooLargeRevision } from "../registry/failures.ts";
import { parseRevision } from "../registry/list.ts";
import { parseSelection } from "../registry/selection.ts";
import { type WatchRequest, watchEvents } from "../watch/watch-events.ts";
import { encodingOf } from "./answer.ts";
import { type Encoding, encodeBookmark, encodeObject } from "./encode.ts";
import type { Api, Exchange } from "./exchange.ts";
import { failureStatus, type Reply } from "./reply.ts";
import type { ObjectsRoute } from "./route.ts";

const minWatchMs = 1_800_000;

/** Answers with a stream of events, one JSON text a line. */
export function handleWatch(
  api: Api,
  exchange: Exchange,
  { route, definition }: { readonly route: ObjectsRoute; readonly definition: ResourceDefinition },
): Reply {
  const request = watchRequest(api, exchange, { route, definition });
  const lines = watchLines(api, request, {
    encoding: encodingOf(api, exchange, definition),
    signal: exchange.signal,
  });
  return { kind: "lines", contentType: "application/json", lines };
}

function watchRequest(
  api: Api,
  { query }: Exchange,
  { route, definition }: { readonly route: ObjectsRoute; readonly definition: ResourceDefinition },
): WatchRequest {
  const from = parseRevision(query.get("resourceVersion"), "Unknown");
  const initial = query.get("sendInitialEvents");
  requireMatch(initial !== null, query.get("resourceVersionMatch"));
  const bookmarks = query.get("allowWatchBookmarks") === "true";
  const withObjects = initial === "true" || (initial === null && (from === undefined || from === 0));
  return {
    selection: parseSelection(definition, route.namespace, query),
    after: withObjects ? undefined : (from ?? api.registry.store.revision),
    announceInitialEnd: initial === "true" && bookmarks,
    bookmarks,
    timeoutMs: timeoutOf(api, query.get("timeoutSeconds")),
  };
}

/** Initial events need `resourceVersionMatch=NotOlderThan`, and nothing else of a watch takes it. */
function requireMatch(initial: boolean, match: string | null): void {
  if (initial ? match === "NotOlderThan" : match === null) return;
  const detail = initial
    ? "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
    : "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided";
  throw invalidOptions("ListOptions", { kind: "Forbidden", field: "resourceVersionMatch", detail });
}

function timeoutOf(api: Api, text: string | null): number {
  const seconds = parseSeconds(text);
  return seconds === 0 ? minWatchMs * (1 + api.registry.random.next()) : seconds * 1000;
}

/** Reads `timeoutSeconds`; 0 if it is not given. Throws `BadRequest`. */
export function parseSeconds(seconds: string | null): number {
  if (seconds === null || seconds === "") return 0;
  if (/^\d+$/.test(seconds)) return Number(seconds);
  throw new RequestError(
    "BadRequest",
    `strconv.ParseInt: parsing ${JSON.stringify(seconds)}: invalid syntax`,
  );
}

/** As Kubernetes does, everything that goes wrong once the parameters are read is an event of the stream. */
async function* watchLines(
  api: Api,
  request: WatchRequest,
  { encoding, signal }: { readonly encoding: Encoding; readonly signal: AbortSignal },
): AsyncGenerator<string> {
  const { store, catalogue, clock } = api.registry;
  const source = { store, catalogue, clock, log: api.log };
  let shown = encoding;
  try {
    const { after = 0 } = request;
    if (after > source.store.revision) throw tooLargeRevision(after, source.store.revision);
    for await (const event of watchEvents(source, request, { signal })) {
      const object =
        event.type === "BOOKMARK"
          ? encodeBookmark(shown, event.revision, event.initialEventsEnd)
          : encodeObject({ ...shown, nowMs: api.registry.clock.now() }, event.object);
      shown = { ...encoding, withoutColumns: true };
      yield `{"type":"${event.type}","object":${object}}\n`;
    }
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    yield `${JSON.stringify({ type: "ERROR", object: failureStatus(error) })}\n`;
  }
}
