import { metadataOf } from "@lmos/kubernetes-syntax";
import { canonicalJson, type JsonObject, type JsonValue } from "@lmos/primitives";
import {
  type JsonPath,
  type PrinterColumn,
  parseJsonPath,
  type ResourceDefinition,
  valuesAt,
} from "@lmos/resource-definitions";
import { builtinColumns, createdDescription, nameColumn } from "./builtin-columns.ts";
import type { Column } from "./column.ts";
import { ageOf } from "./human-duration.ts";

/** What to show. */
export interface TableRequest {
  readonly definition: ResourceDefinition;
  readonly objects: readonly JsonObject[];
  /** Now, in milliseconds since the Unix epoch: ages are counted from here. */
  readonly nowMs: number;
  /** What each row carries of its object; kubectl asks for `Metadata`, or `Object` when it sorts or filters. */
  readonly includeObject: "None" | "Metadata" | "Object";
  /** Leaves out the description of the columns. */
  readonly withoutColumns?: boolean | undefined;
  readonly resourceVersion: string;
  readonly continueToken?: string | undefined;
  /** How many objects follow the ones shown. */
  readonly remainingItemCount?: number | undefined;
}

/** A `meta.k8s.io/v1` Table: what `kubectl get` prints. */
export function renderTable(request: TableRequest): JsonObject {
  const columns = columnsOf(request.definition);
  const { continueToken, remainingItemCount } = request;
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: {
      resourceVersion: request.resourceVersion,
      ...(continueToken === undefined ? {} : { continue: continueToken }),
      ...(remainingItemCount === undefined ? {} : { remainingItemCount }),
    },
    columnDefinitions: request.withoutColumns === true ? null : columns.map(columnDefinition),
    rows: request.objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, request.nowMs)),
      ...includedObject(object, request.includeObject),
    })),
  };
}

function columnDefinition({ name, type, format = "", description = "", priority = 0 }: Column): JsonObject {
  return { name, type, format, description, priority };
}

function includedObject(object: JsonObject, include: TableRequest["includeObject"]): JsonObject {
  switch (include) {
    case "None":
      return { object: null };
    case "Metadata":
      return {
        object: { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: metadataOf(object) },
      };
    case "Object":
      return { object };
  }
}

function columnsOf(definition: ResourceDefinition): readonly Column[] {
  if (definition.origin === "builtin") return builtinColumns(definition.group, definition.kind);
  return [
    nameColumn,
    ...(definition.columns.length === 0 ? [ageColumn] : definition.columns).map(customColumn),
  ];
}

const ageColumn: PrinterColumn = {
  name: "Age",
  type: "date",
  description: createdDescription,
  jsonPath: ".metadata.creationTimestamp",
};

function customColumn(column: PrinterColumn): Column {
  const { name, type, format, priority, jsonPath } = column;
  const path = parseJsonPath(jsonPath) ?? [];
  const fallback = `Custom resource definition column (in JSONPath format): ${jsonPath}`;
  return {
    name,
    type,
    format,
    priority,
    description: column.description ?? fallback,
    cell: (object, nowMs) => customCell({ type, path }, object, nowMs),
  };
}

function customCell(
  { type, path }: { readonly type: string; readonly path: JsonPath },
  object: JsonObject,
  nowMs: number,
): JsonValue {
  const value = valuesAt(path, object)[0];
  if (value === undefined || value === null) return null;
  switch (type) {
    case "integer":
      return typeof value === "number" ? Math.trunc(value) : null;
    case "number":
      return typeof value === "number" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date":
      return typeof value === "string" ? ageOf(value, nowMs) : null;
    default:
      return typeof value === "string" ? value : canonicalJson(value); // the real server sorts members, too
  }
}
