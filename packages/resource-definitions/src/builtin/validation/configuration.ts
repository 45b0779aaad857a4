import { configKey } from "@lmos/kubernetes-syntax";
import { type JsonObject, jsonEqual, objectAt, textMapAt } from "@lmos/primitives";
import { type FieldError, forbidden, invalid, required } from "@lmos/structural-schema";
import { immutable, type KindRule } from "./checks.ts";

/** The rules of ConfigMaps and Secrets. */

const maxBytes = 1_048_576;

function keyErrors(object: JsonObject, member: string): readonly FieldError[] {
  return Object.keys(objectAt(object, member)).flatMap((key) =>
    configKey(key).map((detail) => invalid(`${member}[${key}]`, key, detail)),
  );
}

/** Once `immutable` is set, it stays, and so does the content. */
function frozenErrors(object: JsonObject, old: JsonObject | undefined): readonly FieldError[] {
  if (old?.["immutable"] !== true) return [];
  const detail = "field is immutable when `immutable` is set";
  const changed = ["data", "binaryData"].filter(
    (member) => !jsonEqual(old[member] ?? {}, object[member] ?? {}),
  );
  const fields = object["immutable"] === true ? changed : ["immutable", ...changed];
  return fields.map((field) => forbidden(field, detail));
}

function tooLarge(field: string): FieldError {
  return { kind: "TooLong", field, detail: `may not be more than ${maxBytes} bytes` };
}

export const configMapRules: KindRule = (object, old) => {
  const [texts, bytes] = [textMapAt(object, "data"), textMapAt(object, "binaryData")];
  const shared = Object.keys(texts).filter((key) => key in bytes);
  const size =
    Object.values(texts).reduce((sum, text) => sum + Buffer.byteLength(text), 0) + decodedSize(bytes);
  return [
    ...keyErrors(object, "data"),
    ...keyErrors(object, "binaryData"),
    ...shared.map((key) => invalid(`data[${key}]`, key, "duplicate of key present in binaryData")),
    ...(size > maxBytes ? [tooLarge("[]")] : []),
    ...frozenErrors(object, old),
  ];
};

function decodedSize(encoded: Readonly<Record<string, string>>): number {
  return Object.values(encoded).reduce((sum, text) => sum + Buffer.byteLength(text, "base64"), 0);
}

/** The keys that Secrets of some types must have. */
const keysOfTypes: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
};

export const secretRules: KindRule = (object, old) => {
  const data = textMapAt(object, "data");
  const type = String(object["type"] ?? "");
  const missing = (keysOfTypes[type] ?? []).filter((key) => !(key in data));
  const hasLogin = type !== "kubernetes.io/basic-auth" || "username" in data || "password" in data;
  return [
    ...keyErrors(object, "data"),
    ...(decodedSize(data) > maxBytes ? [tooLarge("data")] : []),
    ...missing.map((key) => required(`data[${key}]`)),
    ...(hasLogin ? [] : [required("data[username]"), required("data[password]")]),
    ...immutable(object, old, ["type"]),
    ...frozenErrors(object, old),
  ];
};
