/** Files of private keys, as agents' tokens are signed with. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Kinds of keys. */
export type KeyKind = "ed25519" | "P-256" | "P-384" | "rsa" | "x25519";

/** A new private key in PEM. */
export function newKey(kind: KeyKind = "ed25519"): string {
  return privateKeyOf(kind).export({ type: "pkcs8", format: "pem" }).toString();
}

/** A new one as OpenSSL's older commands write it. */
export function newOldKey(): string {
  return privateKeyOf("P-256").export({ type: "sec1", format: "pem" }).toString();
}

function privateKeyOf(kind: KeyKind): KeyObject {
  switch (kind) {
    case "ed25519":
      return generateKeyPairSync("ed25519").privateKey;
    case "x25519":
      return generateKeyPairSync("x25519").privateKey;
    case "rsa":
      return generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    case "P-256":
    case "P-384":
      return generateKeyPairSync("ec", { namedCurve: kind }).privateKey;
    default:
      return kind satisfies never;
  }
}

/** A file in a folder of its own. Disposing removes both. */
export interface KeyFile extends Disposable {
  readonly path: string;
  write(text: string): void;
}

/** Writes one. */
export function createKeyFile(text: string): KeyFile {
  const folder = mkdtempSync(join(tmpdir(), "lmos-keys-"));
  const path = join(folder, "agent-tokens.pem");
  const write = (next: string): void => writeFileSync(path, next, { mode: 0o600 });
  write(text);
  return { path, write, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}
