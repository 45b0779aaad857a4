/** What columns, the scale subresource and selectable fields of a custom resource must be. */
import { type JsonObject, type JsonValue, objectAt, objectsAt, textAt } from "@lmos/primitives";
import {
  childPath,
  type FieldError,
  findField,
  invalid,
  required,
  type StructuralSchema,
} from "@lmos/structural-schema";

const columnTypes = ["boolean", "date", "integer", "number", "string"];
const columnFormats = "byte,date,date-time,double,float,int32,int64,password".split(",");
const simplePath = "must be a simple json path starting with .";

/** What is wrong with printer columns, which stand at `path`. */
export function columnErrors(columns: JsonValue | undefined, path: string): readonly FieldError[] {
  return objectsAt({ columns: columns ?? [] }, "columns").flatMap((column, index) => {
    const place = `${path}[${index}]`;
    const jsonPath = textAt(column, "jsonPath") ?? "";
    const field = `${place}.JSONPath`;
    return [
      ...(textAt(column, "name") ? [] : [required(`${place}.name`)]),
      ...typeErrors(textAt(column, "type") ?? "", `${place}.type`),
      ...formatErrors(textAt(column, "format") ?? "", `${place}.format`),
      ...(jsonPath === "" ? [required(field)] : pathErrors(jsonPath, field)),
    ];
  });
}

function typeErrors(type: string, field: string): readonly FieldError[] {
  const detail = `must be one of ${columnTypes.join(",")}`;
  if (type === "") return [required(field, detail)];
  return columnTypes.includes(type) ? [] : [invalid(field, type, detail)];
}

function formatErrors(format: string, field: string): readonly FieldError[] {
  if (format === "" || columnFormats.includes(format)) return [];
  return [invalid(field, format, `must be one of ${columnFormats.join(",")}`)];
}

function pathErrors(path: string, field: string): readonly FieldError[] {
  return path.startsWith(".") ? [] : [invalid(field, path, simplePath)];
}

/** What is wrong with subresources, which stand at `path`. */
export function subresourceErrors(subresources: JsonValue | undefined, path: string): readonly FieldError[] {
  const scale = objectAt({ subresources: subresources ?? {} }, "subresources")["scale"];
  if (scale === undefined || scale === null) return [];
  const paths = objectAt({ scale }, "scale");
  const place = childPath(path, "scale");
  return [
    ...scalePathErrors(paths, { place, member: "specReplicasPath", root: ".spec." }),
    ...scalePathErrors(paths, { place, member: "statusReplicasPath", root: ".status." }),
    ...selectorPathErrors(textAt(paths, "labelSelectorPath") ?? "", childPath(place, "labelSelectorPath")),
  ];
}

interface ScalePath {
  readonly place: string;
  readonly member: string;
  /** What the path must start with. */
  readonly root: string;
}

function scalePathErrors(paths: JsonObject, { place, member, root }: ScalePath): readonly FieldError[] {
  const field = childPath(place, member);
  const path = textAt(paths, member) ?? "";
  if (path === "") return [required(field)];
  const errors = pathErrors(path, field);
  if (errors.length > 0 || path.startsWith(root)) return errors;
  return [invalid(field, path, `should be a json path under ${root.slice(0, -1)}`)];
}

function selectorPathErrors(path: string, field: string): readonly FieldError[] {
  if (path === "") return [];
  const errors = pathErrors(path, field);
  if (errors.length > 0 || path.startsWith(".spec.") || path.startsWith(".status.")) return errors;
  return [invalid(field, path, "should be a json path under either .spec or .status")];
}

const selectable = new Set<unknown>(["boolean", "integer", "string"]);

/** What is wrong with selectable fields, which stand at `path` and lead into `schema`. */
export function selectableFieldErrors(
  fields: JsonValue | undefined,
  schema: StructuralSchema,
  path: string,
): readonly FieldError[] {
  const seen = new Set<string>();
  return objectsAt({ fields: fields ?? [] }, "fields").flatMap((entry, index): readonly FieldError[] => {
    const field = `${path}[${index}].jsonPath`;
    const jsonPath = textAt(entry, "jsonPath") ?? "";
    if (jsonPath === "") return [required(field)];
    const found = findField(schema, jsonPath);
    if (found.kind === "none") return [invalid(field, jsonPath, `is an invalid path: ${found.reason}`)];
    const errors: FieldError[] = [];
    if (!selectable.has(found.schema.type)) errors.push(invalid(field, jsonPath, notSelectable));
    if (seen.has(found.path)) errors.push({ kind: "Duplicate", field, value: jsonPath, detail: "" });
    seen.add(found.path);
    return errors;
  });
}

const notSelectable =
  "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.";
