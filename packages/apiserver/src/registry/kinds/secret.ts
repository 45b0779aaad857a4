import { type JsonObject, objectAt, textMapAt, withMember } from "@lmos/primitives";

/** What is written in plain text becomes data: `stringData` is for writing only. */
export function encodeStringData(secret: JsonObject): JsonObject {
  if (secret["stringData"] === undefined) return secret;
  const plain = Object.entries(textMapAt(secret, "stringData"));
  const encoded = plain.map(([key, text]) => [key, Buffer.from(text).toString("base64")]);
  const data = { ...objectAt(secret, "data"), ...Object.fromEntries(encoded) };
  return { ...withMember(secret, "stringData", undefined), data };
}
