import type { JsonObject, JsonValue } from "@lmos/primitives";
import {
  apiVersionOf,
  publishedClosure,
  publishedName,
  publishedVersion,
  type ResourceDefinition,
} from "@lmos/resource-definitions";
import { customSchema, objectMetaName } from "./custom-schema.ts";

/** OpenAPI v3 of the served kinds, as far as kubectl reads it: `explain`, field validation, choice of the patch kind. */

/** The root document, `/openapi/v3`: where each group version's document is. */
export function openApiIndex(definitions: readonly ResourceDefinition[]): JsonObject {
  const byPath = Map.groupBy(definitions, groupPath);
  const paths = [...byPath].map(([path, group]): [string, JsonObject] => {
    const hash = textHash(JSON.stringify(openApiDocument(group)));
    return [path.slice(1), { serverRelativeURL: `/openapi/v3${path}?hash=${hash}` }];
  });
  return { paths: Object.fromEntries(paths.sort(([one], [other]) => (one < other ? -1 : 1))) };
}

/** The document of one group version, whose kinds these are. */
export function openApiDocument(definitions: readonly ResourceDefinition[]): JsonObject {
  const custom = definitions.filter((definition) => definition.origin === "custom");
  const builtin = definitions.flatMap((definition) =>
    definition.origin === "builtin" ? (publishedName(definition) ?? []) : [],
  );
  const schemas = {
    ...publishedClosure([...builtin, ...(custom.length > 0 ? [objectMetaName] : [])]),
    ...Object.fromEntries(custom.map((definition) => [componentName(definition), customSchema(definition)])),
  };
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: publishedVersion },
    paths: Object.fromEntries(definitions.flatMap(pathsOf)),
    components: { schemas },
  };
}

/** `/api/v1` or `/apis/apps/v1`. */
function groupPath(definition: ResourceDefinition): string {
  return `${definition.group === "" ? "/api" : "/apis"}/${apiVersionOf(definition)}`;
}

/** The name of a kind's schema: that of Kubernetes, or the group's parts backwards, `eclipse.lmos.v1.Agent`. */
function componentName(definition: ResourceDefinition): string {
  const reversed = definition.group.split(".").reverse().join(".");
  return publishedName(definition) ?? `${reversed}.${definition.version}.${definition.kind}`;
}

function pathsOf(definition: ResourceDefinition): readonly [string, JsonObject][] {
  const scope = definition.namespaced ? "/namespaces/{namespace}" : "";
  const collection = `${groupPath(definition)}${scope}/${definition.plural}`;
  const pathItem = (path: string, onItem: boolean): readonly [string, JsonObject][] => {
    const served = operations.filter(
      ({ verb, onItem: own }) => own === onItem && definition.verbs.includes(verb),
    );
    const methods = served.map((operation) => [operation.method, operationObject(operation, definition)]);
    return methods.length === 0 ? [] : [[path, Object.fromEntries(methods)]];
  };
  return [...pathItem(collection, false), ...pathItem(`${collection}/{name}`, true)];
}

interface OperationKind {
  readonly method: string;
  readonly verb: string;
  /** The value of `x-kubernetes-action`. */
  readonly action: string;
  /** On one object rather than on the collection. */
  readonly onItem: boolean;
  readonly query: readonly string[];
}

const writing = ["dryRun", "fieldManager", "fieldValidation"];

const operations: readonly OperationKind[] = [
  { method: "get", verb: "list", action: "list", onItem: false, query: [] },
  { method: "post", verb: "create", action: "post", onItem: false, query: writing },
  { method: "get", verb: "get", action: "get", onItem: true, query: [] },
  { method: "put", verb: "update", action: "put", onItem: true, query: writing },
  { method: "patch", verb: "patch", action: "patch", onItem: true, query: [...writing, "force"] },
  { method: "delete", verb: "delete", action: "delete", onItem: true, query: ["dryRun"] },
];

function operationObject(operation: OperationKind, definition: ResourceDefinition): JsonObject {
  const { group, version, kind } = definition;
  const schema = { $ref: `#/components/schemas/${componentName(definition)}` };
  return {
    "x-kubernetes-action": operation.action,
    "x-kubernetes-group-version-kind": { group, version, kind },
    parameters: operation.query.map((name) => ({ name, in: "query", schema: { type: "string" } })),
    ...(operation.method === "patch" ? { requestBody: patchBody(definition) } : {}),
    responses: { "200": { description: "OK", content: { "application/json": { schema } } } },
  };
}

/** kubectl sends a strategic merge patch where it is listed here, else a merge patch. */
function patchBody(definition: ResourceDefinition): JsonObject {
  const general = [
    "application/apply-patch+yaml",
    "application/json-patch+json",
    "application/merge-patch+json",
  ];
  const types =
    definition.origin === "builtin" ? [...general, "application/strategic-merge-patch+json"] : general;
  const content: readonly [string, JsonValue][] = types.map((type) => [type, { schema: { type: "object" } }]);
  return { required: true, content: Object.fromEntries(content) };
}

/** A short text that changes with the document, so that clients may keep what they have read. FNV-1a, 32 bits. */
function textHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0").toUpperCase();
}
