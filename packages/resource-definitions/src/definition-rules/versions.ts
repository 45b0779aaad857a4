/** What the versions of a CustomResourceDefinition and the conversion between them must be. */
import { dns1035Label } from "@lmos/kubernetes-syntax";
import {
  isRecord,
  type JsonObject,
  type JsonValue,
  jsonEqual,
  objectAt,
  objectsAt,
  textAt,
  textsAt,
} from "@lmos/primitives";
import {
  childPath,
  compileRules,
  type FieldError,
  forbidden,
  invalid,
  required,
  type StructuralSchema,
} from "@lmos/structural-schema";
import { columnErrors, selectableFieldErrors, subresourceErrors } from "./presentation.ts";
import { schemaFormErrors } from "./schema-form.ts";
import { structuralErrors } from "./structural-rules.ts";

/** The versions of a definition, in its order. */
export function versionsOf(spec: JsonObject): readonly JsonObject[] {
  return objectsAt(spec, "versions");
}

/** The schema of a version, which may have faults. */
export function schemaOf(version: JsonObject): StructuralSchema {
  return asSchema(objectAt(objectAt(version, "schema"), "openAPIV3Schema"));
}

/** What is wrong with `spec.versions`. */
export function versionErrors(spec: JsonObject): readonly FieldError[] {
  const versions = versionsOf(spec);
  const own = versions.flatMap((version, index) => {
    const path = `spec.versions[${index}]`;
    const name = textAt(version, "name") ?? "";
    return [
      ...labelErrors(`${path}.name`, name),
      ...warningErrors(version, `${path}.deprecationWarning`),
      ...partErrors(unshared(spec, index), path, "schema"),
    ];
  });
  const first = textAt(versions[0] ?? {}, "name") ?? "";
  return [
    ...missingSchemas(versions),
    ...own,
    ...uniqueErrors(spec, versions),
    ...storageErrors(spec, versions),
    ...(first === "" ? [] : labelErrors("spec.version", first)),
  ];
}

/** What is wrong with what all versions share, under the paths that Kubernetes gives it then. */
export function sharedErrors(spec: JsonObject): readonly FieldError[] {
  const [first] = versionsOf(spec);
  if (first === undefined) return [];
  return partErrors({ version: first, has: (part) => isShared(spec, part) }, "spec", "validation");
}

interface Parts {
  readonly version: JsonObject;
  readonly has: (part: string) => boolean;
}

function unshared(spec: JsonObject, index: number): Parts {
  return { version: versionsOf(spec)[index] ?? {}, has: (part) => !isShared(spec, part) };
}

function isShared(spec: JsonObject, part: string): boolean {
  const [first, ...others] = versionsOf(spec).map((version) => version[part] ?? null);
  return first !== undefined && others.every((other) => jsonEqual(other, first));
}

function partErrors({ version, has }: Parts, path: string, validation: string): readonly FieldError[] {
  const schema = schemaOf(version);
  const at = (part: string) => childPath(path, part);
  return [
    ...(has("schema") ? schemaErrors(version, at(`${validation}.openAPIV3Schema`)) : []),
    ...(has("subresources") ? subresourceErrors(version["subresources"], at("subresources")) : []),
    ...(has("additionalPrinterColumns")
      ? columnErrors(version["additionalPrinterColumns"], at("additionalPrinterColumns"))
      : []),
    ...(has("selectableFields")
      ? selectableFieldErrors(version["selectableFields"], schema, at("selectableFields"))
      : []),
  ];
}

function schemaErrors(version: JsonObject, path: string): readonly FieldError[] {
  const schema = objectAt(version, "schema")["openAPIV3Schema"];
  if (!isRecord(schema)) return [];
  const errors = [...schemaFormErrors(schema, path), ...structuralErrors(schema, path)];
  return errors.length > 0 ? errors : compileRules(asSchema(schema), path).errors;
}

function missingSchemas(versions: readonly JsonObject[]): readonly FieldError[] {
  return versions.flatMap((version, index) =>
    isRecord(objectAt(version, "schema")["openAPIV3Schema"])
      ? []
      : [required(`spec.versions[${index}].schema.openAPIV3Schema`)],
  );
}

function labelErrors(field: string, name: string): readonly FieldError[] {
  const faults = dns1035Label(name);
  return faults.length === 0 ? [] : [invalid(field, name, faults.join(","))];
}

function warningErrors(version: JsonObject, field: string): readonly FieldError[] {
  const warning = version["deprecationWarning"];
  if (typeof warning !== "string") return [];
  if (version["deprecated"] !== true)
    return [invalid(field, warning, "can only be set for deprecated versions")];
  if (warning === "") return [invalid(field, warning, "must not be an empty string")];
  const found = /\p{C}/u.exec(warning);
  if (found === null) return [];
  const at = new TextEncoder().encode(warning.slice(0, found.index)).length;
  const detail = `must only contain printable UTF-8 characters; non-printable character found at index ${at}`;
  return [invalid(field, warning, detail)];
}

function uniqueErrors(spec: JsonObject, versions: readonly JsonObject[]): readonly FieldError[] {
  const names = new Set(versions.map((version) => textAt(version, "name")));
  if (names.size === versions.length) return [];
  return [invalid("spec.versions", goVersions(spec), "must contain unique version names")];
}

function storageErrors(spec: JsonObject, versions: readonly JsonObject[]): readonly FieldError[] {
  if (versions.filter((version) => version["storage"] === true).length === 1) return [];
  const detail = "must have exactly one version marked as storage version";
  return [invalid("spec.versions", goVersions(spec), detail)];
}

/** The versions as Go shows its own type: what they share is kept elsewhere. */
function goVersions(spec: JsonObject): JsonValue {
  const { versions } = spec;
  if (!Array.isArray(versions)) return null;
  const own = (version: JsonObject, part: string) => (isShared(spec, part) ? null : (version[part] ?? null));
  return versionsOf(spec).map((version) => ({
    Name: version["name"] ?? "",
    Served: version["served"] ?? false,
    Storage: version["storage"] ?? false,
    Deprecated: version["deprecated"] ?? false,
    DeprecationWarning: version["deprecationWarning"] ?? null,
    Schema: own(version, "schema"),
    Subresources: own(version, "subresources"),
    AdditionalPrinterColumns: own(version, "additionalPrinterColumns"),
    SelectableFields: own(version, "selectableFields"),
  }));
}

const strategies = ["None", "Webhook"];

/** What is wrong with `spec.conversion`. */
export function conversionErrors(spec: JsonObject): readonly FieldError[] {
  if (!isRecord(spec["conversion"])) return [];
  const conversion = objectAt(spec, "conversion");
  const strategy = textAt(conversion, "strategy") ?? "";
  const field = "spec.conversion.strategy";
  if (strategy === "") return [required(field)];
  if (!strategies.includes(strategy)) {
    return [{ kind: "NotSupported", field, value: strategy, detail: 'supported values: "None", "Webhook"' }];
  }
  return strategy === "Webhook"
    ? webhookErrors(objectAt(conversion, "webhook"))
    : noWebhookErrors(conversion);
}

const webhookPath = "spec.conversion.webhookClientConfig";
const reviewsPath = "spec.conversion.conversionReviewVersions";

function webhookErrors(webhook: JsonObject): readonly FieldError[] {
  const reviews = textsAt(webhook, "conversionReviewVersions");
  return [
    ...(isRecord(webhook["clientConfig"])
      ? clientErrors(objectAt(webhook, "clientConfig"))
      : [required(webhookPath, "required when strategy is set to Webhook")]),
    ...(reviews.length === 0 ? [required(reviewsPath)] : []),
  ];
}

function clientErrors(client: JsonObject): readonly FieldError[] {
  const url = textAt(client, "url");
  if ((url === undefined) === (client["service"] === undefined)) {
    return [required(webhookPath, "exactly one of url or service is required")];
  }
  const scheme = /^([a-z]+):/.exec(url ?? "https:")?.[1] ?? "";
  if (scheme === "https") return [];
  const detail = "'https' is the only allowed URL scheme; desired format: https://host[/path]";
  return [invalid(`${webhookPath}.url`, scheme, detail)];
}

function noWebhookErrors(conversion: JsonObject): readonly FieldError[] {
  const webhook = objectAt(conversion, "webhook");
  const detail = "should not be set when strategy is not set to Webhook";
  const reviews = textsAt(webhook, "conversionReviewVersions");
  return [
    ...(isRecord(webhook["clientConfig"]) ? [forbidden(webhookPath, detail)] : []),
    ...(reviews.length > 0 ? [forbidden(reviewsPath, detail)] : []),
  ];
}

/** What is wrong with `status.storedVersions`: objects may still be stored in each of them. */
export function storedVersionErrors(definition: JsonObject): readonly FieldError[] {
  const path = "status.storedVersions";
  const stored = textsAt(objectAt(definition, "status"), "storedVersions");
  if (stored.length === 0) return [invalid(path, null, "must have at least one stored version")];
  const names = versionsOf(objectAt(definition, "spec")).map((version) => textAt(version, "name"));
  return stored.flatMap((name, index) =>
    names.includes(name) ? [] : [invalid(`${path}[${index}]`, name, stillStored(name))],
  );
}

function stillStored(name: string): string {
  return `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
}

/** Parses the schema of a version, which {@link structuralErrors} checks. */
function asSchema(schema: JsonValue): StructuralSchema {
  return schema as StructuralSchema;
}
