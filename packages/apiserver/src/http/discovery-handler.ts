import type { JsonObject } from "@lmos/primitives";
import {
  aggregatedDiscovery,
  coreVersions,
  groupDocument,
  groupList,
  pathIndex,
  resourceList,
  versionInfo,
} from "../discovery/discovery.ts";
import { methodNotAllowed, unknownPath } from "../registry/failures.ts";
import { parseAccept } from "./accept.ts";
import type { Api, Exchange } from "./exchange.ts";
import { plainText, type Reply, replyObject, replyText } from "./reply.ts";
import type { ObjectsRoute, Route } from "./route.ts";

/** Answers what is served: versions, groups, resources and their schemas. */
export function handleDiscovery(api: Api, exchange: Exchange, route: Exclude<Route, ObjectsRoute>): Reply {
  if (exchange.method !== "GET") throw methodNotAllowed();
  const definitions = api.registry.catalogue.all();
  const aggregated = parseAccept(exchange.headers.accept).as === "discovery";
  switch (route.kind) {
    case "paths":
      return replyObject(200, pathIndex(definitions));
    case "version":
      return replyObject(200, versionInfo());
    case "core-versions":
      return aggregated
        ? replyAggregated(aggregatedDiscovery(definitions, "core"))
        : replyObject(200, coreVersions(exchange.headers.host ?? ""));
    case "groups":
      return aggregated
        ? replyAggregated(aggregatedDiscovery(definitions, "groups"))
        : replyObject(200, groupList(definitions));
    case "group":
      return replyGroup(groupDocument(definitions, route.group));
    case "resources":
      return replyObject(200, resourceList(definitions, route.group, route.version) ?? notServed());
    case "openapi-index":
      return replyText(200, api.schemas.index());
    case "openapi":
      return replyText(200, api.schemas.document(route.group, route.version) ?? notServed());
    case "health":
    case "unknown":
      throw unknownPath();
    default:
      return route satisfies never;
  }
}

/** The content type tells a client that it got the aggregated form. */
function replyAggregated(document: Parameters<typeof replyObject>[1]): Reply {
  const contentType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  return { kind: "text", status: 200, contentType, text: JSON.stringify(document) };
}

/** That there is no such group, Kubernetes' last server in the row says, which knows no Status. */
function replyGroup(group: JsonObject | undefined): Reply {
  if (group !== undefined) return replyObject(200, group);
  return { kind: "text", status: 404, contentType: plainText, text: "404 page not found\n" };
}

function notServed(): never {
  throw unknownPath();
}
