/** What stands in `allOf`, `anyOf`, `oneOf` and `not` only restricts values: what a value is, the schema itself says. */
import { isRecord } from "@lmos/primitives";
import { childPath, type FieldError, forbidden } from "@lmos/structural-schema";

type Node = Readonly<Record<string, unknown>>;

/** Keywords that belong to the schema itself, with how Kubernetes says that they may not be given below. */
const own: Readonly<Record<string, "empty" | "undefined" | "false">> = {
  type: "empty",
  additionalProperties: "undefined",
  default: "undefined",
  title: "empty",
  description: "empty",
  nullable: "false",
  "x-kubernetes-preserve-unknown-fields": "false",
  "x-kubernetes-embedded-resource": "false",
  "x-kubernetes-int-or-string": "false",
  "x-kubernetes-list-type": "undefined",
  "x-kubernetes-list-map-keys": "empty",
  "x-kubernetes-map-type": "undefined",
  "x-kubernetes-validations": "empty",
};

/** Where the combinations of the schema at `path` say what a value is. */
export function nestedErrors(schema: Node, path: string): readonly FieldError[] {
  const { not, allOf, anyOf, oneOf } = schema;
  return [
    ...(isIntOrString(anyOf) ? [] : branches(anyOf, childPath(path, "anyOf"))),
    ...branches(allOf, childPath(path, "allOf")),
    ...branches(oneOf, childPath(path, "oneOf")),
    ...branchErrors(not, childPath(path, "not")),
  ];
}

/** The one exception: what may be either says so, also in the first branch of `allOf`. */
function isIntOrString(branches: unknown): boolean {
  return JSON.stringify(branches) === '[{"type":"integer"},{"type":"string"}]';
}

function branches(value: unknown, path: string): readonly FieldError[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((branch: unknown, index) => branchErrors(branch, `${path}[${index}]`));
}

function branchErrors(branch: unknown, path: string): readonly FieldError[] {
  if (!isRecord(branch)) return [];
  const { items, properties } = branch;
  const named = Object.entries(isRecord(properties) ? properties : {});
  const propertiesPath = childPath(path, "properties");
  const isGiven = (keyword: string) => branch[keyword] !== undefined && branch[keyword] !== false;
  return [
    ...Object.keys(own)
      .filter(isGiven)
      .map((keyword) => forbidden(childPath(path, keyword), `must be ${own[keyword]} to be structural`)),
    ...(named.some(([name]) => name === "metadata")
      ? [forbidden(`${propertiesPath}[metadata]`, "must not be specified in a nested context")]
      : []),
    ...named.flatMap(([name, property]) => branchErrors(property, `${propertiesPath}[${name}]`)),
    ...branchErrors(items, childPath(path, "items")),
    ...nestedErrors(branch, path),
  ];
}
