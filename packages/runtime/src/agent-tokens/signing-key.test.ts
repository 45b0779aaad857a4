import { calculateJwkThumbprint, compactVerify, importJWK } from "jose";
import { describe, expect, test } from "vitest";
import { type KeyKind, newKey, newOldKey } from "../testing/key-files.ts";
import { readSigningKeys } from "./signing-key.ts";

const certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const publicPart = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";

const usable = [
  { name: "Ed25519", text: newKey("ed25519"), algorithm: "EdDSA" },
  { name: "P-256", text: newKey("P-256"), algorithm: "ES256" },
  { name: "P-256 as older commands write it", text: newOldKey(), algorithm: "ES256" },
  {
    name: "one behind comments and certificates",
    text: `# mine\n${certificate}${newKey()}`,
    algorithm: "EdDSA",
  },
  { name: "one with Windows' line ends", text: newKey().replaceAll("\n", "\r\n"), algorithm: "EdDSA" },
];

describe.each(usable)("a key of $name", ({ text, algorithm }) => {
  const [key] = readSigningKeys(text);

  test("signs what its public half verifies", async () => {
    const header = Buffer.from(JSON.stringify({ alg: algorithm })).toString("base64url");
    const signed = `${header}.${Buffer.from("hello").toString("base64url")}`;
    const publicKey = await importJWK({ ...key?.publicKey });
    const { payload } = await compactVerify(`${signed}.${key?.sign(signed)}`, publicKey);
    expect(Buffer.from(payload).toString()).toBe("hello");
    await expect(compactVerify(`${signed}x.${key?.sign(signed)}`, publicKey)).rejects.toThrow();
  });

  test("is named by its thumbprint", async () => {
    expect(key?.id).toBe(await calculateJwkThumbprint({ ...key?.publicKey }));
    expect(key?.publicKey).toMatchObject({ kid: key?.id, alg: algorithm, use: "sig" });
  });

  test("shows nothing of its private half", () => {
    expect(key?.publicKey).not.toHaveProperty("d");
    expect(JSON.stringify(key)).not.toContain('"d"');
  });
});

test("several keys keep their order", () => {
  const texts = [newKey(), newKey("P-256"), newKey()];
  const alone = texts.map((text) => readSigningKeys(text)[0]?.id);
  expect(readSigningKeys(texts.join("\n")).map(({ id }) => id)).toEqual(alone);
});

const kinds: readonly { readonly kind: KeyKind; readonly message: string }[] = [
  { kind: "P-384", message: "key 1 is of the kind secp384r1, not Ed25519 or P-256" },
  { kind: "rsa", message: "key 1 is of the kind rsa, not Ed25519 or P-256" },
  { kind: "x25519", message: "key 1 is of the kind x25519, not Ed25519 or P-256" },
];
const same = newKey();
const unusable = [
  { name: "nothing", text: "", message: "there is no private key in it" },
  { name: "a certificate", text: certificate, message: "there is no private key in it" },
  { name: "a public key", text: publicPart, message: "there is no private key in it" },
  ...kinds.map(({ kind, message }) => ({ name: `a key of ${kind}`, text: newKey(kind), message })),
  { name: "one key twice", text: `${newKey()}${same}${same}`, message: "key 3 is in it twice" },
  {
    name: "a second key that is none",
    text: `${newKey()}-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n`,
    message: "key 2 cannot be read (one with a pass phrase cannot)",
  },
  {
    name: "eleven keys",
    text: Array.from({ length: 11 }, () => newKey()).join(""),
    message: "there are 11 keys in it, 10 may be",
  },
];

test.each(unusable)("a file of $name is refused", ({ text, message }) => {
  expect(() => readSigningKeys(text)).toThrow(message);
});

test("what is said of a broken key has nothing of it", () => {
  const text = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";
  expect(() => readSigningKeys(text)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining("c2Vj") }),
  );
});
