/** Which form of an answer a client asks for in its `Accept` header. */
import { RequestError } from "../errors.ts";

/** The format, and whether objects are answered whole, as rows of a table, or as their metadata alone. */
export interface Representation {
  readonly format: "json" | "yaml";
  readonly as: "object" | "table" | "metadata" | "metadata-list" | "discovery";
}

const whole: Representation = { format: "json", as: "object" };
const supported = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

const formats: Readonly<Record<string, Representation["format"]>> = {
  "application/json": "json",
  "application/*": "json",
  "*/*": "json",
  "application/yaml": "yaml",
};

const transformations: Readonly<Record<string, Representation["as"]>> = {
  "meta.k8s.io/v1/Table": "table",
  "meta.k8s.io/v1/PartialObjectMetadata": "metadata",
  "meta.k8s.io/v1/PartialObjectMetadataList": "metadata-list",
  "apidiscovery.k8s.io/v2/APIGroupDiscoveryList": "discovery",
};

/** The first form of the header that is served here. Throws `NotAcceptable`. */
export function parseAccept(header: string | undefined): Representation {
  if (header === undefined || header.trim() === "") return whole;
  for (const part of header.split(",")) {
    const found = representationOf(part);
    if (found !== undefined) return found;
  }
  throw new RequestError("NotAcceptable", `only the following media types are accepted: ${supported}`);
}

/** The form in which a failure is told: a header that can't be met is one, and is told in JSON. */
export function failureFormat(header: string | undefined): Representation["format"] {
  const first = header?.split(",").map((part) => formats[part.split(";")[0]?.trim() ?? ""]);
  return first?.find((format) => format !== undefined) ?? "json";
}

function representationOf(part: string): Representation | undefined {
  const [type = "", ...parameters] = part.split(";").map((piece) => piece.trim());
  const format = formats[type];
  const values = new Map(parameters.map((parameter): [string, string] => splitParameter(parameter)));
  const as = values.get("as");
  if (format === undefined) return undefined;
  if (as === undefined) return { format, as: "object" };
  const transformation = transformations[`${values.get("g")}/${values.get("v")}/${as}`];
  return transformation === undefined ? undefined : { format, as: transformation };
}

function splitParameter(parameter: string): [string, string] {
  const [key = "", value = ""] = parameter.split("=");
  return [key.trim(), value.trim()];
}
