/** A private key that signs tokens for agents, and what of it is public. */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { canonicalJson } from "@lmos/primitives";

/** What signatures are made with: ECDSA over P-256, or Ed25519. */
export type SigningAlgorithm = "ES256" | "EdDSA";

/** The public half, as a JSON Web Key. */
export interface PublicKey {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y?: string;
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly use: "sig";
}

/** A key that signs. */
export interface SigningKey {
  readonly algorithm: SigningAlgorithm;
  /** The thumbprint of the public half (RFC 7638), so that equal keys have equal ids wherever they are read. */
  readonly id: string;
  readonly publicKey: PublicKey;
  /** The signature of a text, as JSON Web Signatures have it: base64url. */
  sign(text: string): string;
}

const keyPattern = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----[^-]+-----END \1PRIVATE KEY-----/g;
/** Keys in a file: the one that signs, the next one and the last ones. */
const maxKeys = 10;

/**
 * Reads private keys in PEM, in their order. Anything else in the text is passed over.
 *
 * @throws Error when there is none, too many, one twice, or one that cannot sign; the message has nothing of the key.
 */
export function readSigningKeys(text: string): readonly SigningKey[] {
  const keys = (text.match(keyPattern) ?? []).map(readSigningKey);
  if (keys.length === 0) throw new Error("there is no private key in it");
  if (keys.length > maxKeys) throw new Error(`there are ${keys.length} keys in it, ${maxKeys} may be`);
  const ids = keys.map(({ id }) => id);
  const twice = ids.findIndex((id, index) => ids.indexOf(id) !== index);
  if (twice >= 0) throw new Error(`key ${twice + 1} is in it twice`);
  return keys;
}

function readSigningKey(pem: string, index: number): SigningKey {
  const privateKey = parse(pem, index);
  const algorithm = algorithmOf(privateKey);
  if (algorithm === undefined) {
    const kind = privateKey.asymmetricKeyDetails?.namedCurve ?? privateKey.asymmetricKeyType ?? "unknown";
    throw new Error(`key ${index + 1} is of the kind ${kind}, not Ed25519 or P-256`);
  }
  const publicKey = publicKeyOf(privateKey, algorithm);
  return { algorithm, id: publicKey.kid, publicKey, sign: (text) => signText(text, privateKey, algorithm) };
}

function parse(pem: string, index: number): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // What OpenSSL says of it helps nobody, and is not known to be free of it.
    throw new Error(`key ${index + 1} cannot be read (one with a pass phrase cannot)`);
  }
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SigningAlgorithm | undefined {
  if (asymmetricKeyType === "ed25519") return "EdDSA";
  return asymmetricKeyDetails?.namedCurve === "prime256v1" ? "ES256" : undefined;
}

function publicKeyOf(privateKey: KeyObject, alg: SigningAlgorithm): PublicKey {
  const { kty = "", crv = "", x = "", y } = createPublicKey(privateKey).export({ format: "jwk" });
  const members = { kty, crv, x, ...(y !== undefined && { y }) };
  const kid = createHash("sha256").update(canonicalJson(members)).digest("base64url");
  return { ...members, kid, alg, use: "sig" };
}

function signText(text: string, key: KeyObject, algorithm: SigningAlgorithm): string {
  const digest = algorithm === "ES256" ? "sha256" : undefined; // Ed25519 makes its own
  return sign(digest, Buffer.from(text), { key, dsaEncoding: "ieee-p1363" }).toString("base64url");
}
