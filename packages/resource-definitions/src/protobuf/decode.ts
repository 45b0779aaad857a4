/**
 * Reads what kubectl sends as `application/vnd.kubernetes.protobuf` into the JSON that it stands for. Which field is
 * which is generated from the Go types. As Go writes it: a value that is zero counts as absent, a pointer never does.
 */
import { formatTimestamp, type JsonObject, type JsonValue } from "@lmos/primitives";
import generated from "../builtin/generated/kubernetes-protobuf.json" with { type: "json" };
import { type WireValue, wireFields } from "./wire.ts";

const magic = Buffer.from("k8s\0");
const messages: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = generated.messages;
const scalars = /^(?:string|bytes|int|bool|double|time|microTime|quantity|intOrString|raw)$/;

/** Group and version of the messages, by the `apiVersion` of the objects. */
const groups: Readonly<Record<string, string>> = { "rbac.authorization.k8s.io/v1": "rbac/v1", v1: "core/v1" };

/** The object in an envelope. Throws if it is broken or of a kind that is not known. */
export function decodeProtobuf(bytes: Buffer): JsonObject {
  if (!bytes.subarray(0, 4).equals(magic)) throw new Error("no Kubernetes protobuf message");
  const envelope = new Map(
    [...wireFields(bytes.subarray(4))].map(({ number, value }) => [number, bytesOf(value)]),
  );
  const type = new Map(
    [...wireFields(envelope.get(1) ?? magic)].map(({ number, value }) => [number, bytesOf(value)]),
  );
  const [apiVersion, kind] = [String(type.get(1) ?? ""), String(type.get(2) ?? "")];
  const message = messageOf(apiVersion, kind);
  return { apiVersion, kind, ...decodeMessage(message, envelope.get(2) ?? Buffer.alloc(0)) };
}

function messageOf(apiVersion: string, kind: string): string {
  if (kind === "DeleteOptions") return "meta/v1.DeleteOptions";
  const [group = "", version] = apiVersion.split("/");
  const known = groups[apiVersion] ?? `${group.split(".")[0]}/${version}`;
  return `${known}.${kind}`;
}

function decodeMessage(name: string, bytes: Buffer): JsonObject {
  const fields = messages[name];
  if (fields === undefined) throw new Error(`${name} can't be read as protobuf`);
  const object: Record<string, JsonValue> = {};
  for (const { number, value } of wireFields(bytes)) {
    const [key = "", type] = fields[number]?.split(":") ?? [];
    if (type !== undefined) addField(object, { key, type }, value);
  }
  return object;
}

function addField(
  object: Record<string, JsonValue>,
  { key, type }: { readonly key: string; readonly type: string },
  value: WireValue,
): void {
  const bare = type.replace(/^(?:\*|\[\]|\{\})/, "");
  if (key === "") Object.assign(object, decodeMessage(bare, bytesOf(value)));
  else if (type.startsWith("[]")) object[key] = [...listOf(object[key]), decodeValue(bare, value)];
  else if (type.startsWith("{}"))
    object[key] = { ...mapOf(object[key]), ...decodeEntry(bare, bytesOf(value)) };
  else {
    const decoded = decodeValue(bare, value);
    if (type.startsWith("*") || !isZero(decoded)) object[key] = decoded;
  }
}

function decodeValue(type: string, value: WireValue): JsonValue {
  if (!scalars.test(type)) return decodeMessage(type, bytesOf(value));
  switch (type) {
    case "int":
      return Number(BigInt.asIntN(64, numberOf(value)));
    case "bool":
      return numberOf(value) !== 0n;
    case "double":
      return bytesOf(value).readDoubleLE();
    case "bytes":
      return bytesOf(value).toString("base64");
    case "string":
      return bytesOf(value).toString("utf8");
    case "quantity":
      return textField(bytesOf(value), 1);
    case "raw":
      return parseJson(textField(bytesOf(value), 1));
    case "intOrString":
      return decodeIntOrString(bytesOf(value));
    default:
      return decodeTime(bytesOf(value), type === "microTime");
  }
}

/** A map is a list of entries of a key and a value. */
function decodeEntry(type: string, bytes: Buffer): JsonObject {
  const entry = new Map([...wireFields(bytes)].map(({ number, value }) => [number, value]));
  const empty: WireValue = { kind: "bytes", value: Buffer.alloc(0) };
  return { [bytesOf(entry.get(1) ?? empty).toString("utf8")]: decodeValue(type, entry.get(2) ?? empty) };
}

function decodeIntOrString(bytes: Buffer): JsonValue {
  const fields = new Map([...wireFields(bytes)].map(({ number, value }) => [number, value]));
  const isText = numberOf(fields.get(1)) === 1n;
  return isText ? textField(bytes, 3) : Number(BigInt.asIntN(64, numberOf(fields.get(2))));
}

function decodeTime(bytes: Buffer, micro: boolean): JsonValue {
  const fields = new Map([...wireFields(bytes)].map(({ number, value }) => [number, value]));
  const seconds = fields.get(1);
  if (seconds === undefined) return null;
  const text = formatTimestamp(Number(BigInt.asIntN(64, numberOf(seconds))) * 1000);
  if (!micro) return text;
  const microseconds = Number(numberOf(fields.get(2))) / 1000;
  return text.replace("Z", `.${String(Math.trunc(microseconds)).padStart(6, "0")}Z`);
}

function textField(bytes: Buffer, wanted: number): string {
  const found = [...wireFields(bytes)].find(({ number }) => number === wanted);
  return found === undefined ? "" : bytesOf(found.value).toString("utf8");
}

function isZero(value: JsonValue): boolean {
  if (value === null || value === "" || value === 0 || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function bytesOf(value: WireValue): Buffer {
  if (value.kind === "bytes") return value.value;
  throw new Error("a number stands where bytes were expected");
}

function numberOf(value: WireValue | undefined): bigint {
  if (value === undefined) return 0n;
  if (value.kind === "varint") return value.value;
  throw new Error("bytes stand where a number was expected");
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function mapOf(value: JsonValue | undefined): object {
  return typeof value === "object" && value !== null ? value : {};
}

function parseJson(text: string): JsonValue {
  return text === "" ? null : (JSON.parse(text) as JsonValue);
}
