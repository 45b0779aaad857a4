/**
 * Reads the Go types of the built-in kinds and writes how their protobuf messages map to JSON: per message and field
 * number the JSON name and the type. kubectl's own sub-commands (`create configmap`, …) send protobuf.
 *
 * Usage: `node tools/generate/kubernetes-protobuf.ts MODULES VERSION`, where MODULES is the `k8s.io` folder of a Go
 * module cache and VERSION the release of its modules, such as `v0.34.4`.
 *
 * A type reads: `*` for a pointer, `[]` for a list, `{}` for a map from strings; then `string`, `bytes`, `int`,
 * `bool`, `double`, `time`, `microTime`, `quantity`, `intOrString`, `raw`, or the name of a message. A field without
 * a name is embedded: its members are members of the message itself.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const target = new URL(
  "../../packages/resource-definitions/src/builtin/generated/kubernetes-protobuf.json",
  import.meta.url,
);
const kinds: Readonly<Record<string, readonly string[]>> = {
  "core/v1": [
    "Namespace",
    "Pod",
    "Service",
    "ConfigMap",
    "Secret",
    "ServiceAccount",
    "Event",
    "ResourceQuota",
    "LimitRange",
  ],
  "apps/v1": ["Deployment", "ReplicaSet", "StatefulSet", "ControllerRevision"],
  "rbac/v1": ["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"],
  "autoscaling/v1": ["Scale"],
  "authorization/v1": ["SelfSubjectAccessReview"],
  "coordination/v1": ["Lease"],
  "discovery/v1": ["EndpointSlice"],
  "events/v1": ["Event"],
  "networking/v1": ["NetworkPolicy"],
  "policy/v1": ["PodDisruptionBudget"],
  "meta/v1": ["DeleteOptions"],
};
const special: Readonly<Record<string, string>> = {
  "meta/v1.Time": "time",
  "meta/v1.MicroTime": "microTime",
  "meta/v1.FieldsV1": "raw",
  "runtime.RawExtension": "raw",
  "types.UID": "string",
  "resource.Quantity": "quantity",
  "intstr.IntOrString": "intOrString",
  bool: "bool",
  string: "string",
  "[]byte": "bytes",
  byte: "bytes",
  float64: "double",
};

const [modules, version] = process.argv.slice(2);
if (modules === undefined || version === undefined) {
  throw new Error("usage: node tools/generate/kubernetes-protobuf.ts MODULES VERSION");
}
const { structs, aliases } = readTypes(modules, version);
const messages: Record<string, Readonly<Record<string, string>>> = {};
for (const [group, names] of Object.entries(kinds)) for (const name of names) addMessage(`${group}.${name}`);
writeFileSync(target, `${JSON.stringify({ version, messages }, undefined, 1)}\n`);
process.stdout.write(`${Object.keys(messages).length} messages of ${version}\n`);

function addMessage(name: string): void {
  const fields = structs.get(name);
  if (fields === undefined || messages[name] !== undefined) return;
  const described = fields.map((field): [string, string] => [
    field.number,
    `${field.name}:${typeText(field.type)}`,
  ]);
  messages[name] = Object.fromEntries(described);
  for (const { type } of fields) addMessage(typeText(type).replace(/^[*[\]{}]+/, ""));
}

/** The type in the notation above, with names of scalars and maps replaced by what they stand for. */
function typeText(type: string): string {
  const known = special[type];
  if (known !== undefined) return known;
  if (type.startsWith("*")) return `*${typeText(type.slice(1))}`;
  if (type.startsWith("[]")) return `[]${typeText(type.slice(2))}`;
  if (type.startsWith("map[")) return `{}${typeText(type.slice(type.indexOf("]") + 1))}`;
  if (/^u?int(32|64)?$/.test(type)) return "int";
  const alias = aliases.get(type);
  return alias === undefined ? type : typeText(alias);
}

interface Field {
  readonly number: string;
  readonly name: string;
  readonly type: string;
}

function readTypes(folder: string, release: string) {
  const structs = new Map<string, readonly Field[]>();
  const aliases = new Map<string, string>();
  for (const group of Object.keys(kinds)) {
    const directory =
      group === "meta/v1"
        ? join(folder, `apimachinery@${release}`, "pkg/apis/meta/v1")
        : join(folder, `api@${release}`, group);
    for (const file of readdirSync(directory).filter((name) => name === "types.go")) {
      const text = readFileSync(join(directory, file), "utf8");
      const qualify = qualifierOf(group, text);
      for (const [, name = "", body = ""] of text.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
        structs.set(`${group}.${name}`, fieldsOf(body, qualify));
      }
      for (const [, name = "", type = ""] of text.matchAll(/^type (\w+) ((?!struct|interface)\S+)$/gm)) {
        aliases.set(`${group}.${name}`, qualify(type));
      }
    }
  }
  return { structs, aliases };
}

function fieldsOf(body: string, qualify: (type: string) => string): readonly Field[] {
  const line = /^\t(?:\w+\s+)?(\S+)\s+`json:"([^"]*)"[^`]*protobuf:"[^,"]*,(\d+),[^"]*"/gm;
  return [...body.matchAll(line)].map(([, type = "", json = "", number = ""]) => ({
    number,
    name: json.split(",")[0] ?? "",
    type: qualify(type),
  }));
}

/** Puts the group before a type's name: that of the import, or the file's own. */
function qualifierOf(group: string, text: string): (type: string) => string {
  const imports = new Map<string, string>();
  for (const [, alias, path = ""] of text.matchAll(/^\t(?:(\w+) )?"k8s\.io\/([^"]+)"/gm)) {
    const parts = path.split("/");
    const last = parts.at(-1) ?? "";
    const versioned = /^v\d/.test(last) ? `${parts.at(-2)}/${last}` : last;
    imports.set(alias ?? last, versioned);
  }
  const qualifyName = (name: string): string => {
    const [first = "", second] = name.split(".");
    if (second !== undefined) return `${imports.get(first) ?? first}.${second}`;
    return /^[A-Z]/.test(name) ? `${group}.${name}` : name;
  };
  return (type) =>
    type.replaceAll(/(?<![\w./])[A-Za-z][\w.]*/g, (name) => (name === "map" ? name : qualifyName(name)));
}
