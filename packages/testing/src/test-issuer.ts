/** Tokens as an identity provider would issue them, and as attackers would make them up. */
import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWTPayload, SignJWT } from "jose";

/** What the tests' provider is called. */
export const testIssuer = "https://issuer.example";
/** Whom its tokens are for. */
export const testAudience = "lmos-runtime";

/** A provider with one key. */
export interface TestIssuer {
  readonly kid: string;
  readonly keys: JSONWebKeySet;
  /** A token of alice of acme for five minutes from `now`, unless told otherwise. */
  token(options: TokenOptions): Promise<string>;
}

/** What differs from token to token. */
export interface TokenOptions {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Undefined takes a claim out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
}

/** Makes a key and what signs with it. */
export async function createTestIssuer(kid = "k1", alg = "RS256"): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid, alg, use: "sig" }] };
  return {
    kid,
    keys,
    token: ({ now, claims, header }) =>
      new SignJWT(claimsOf(now, claims))
        .setProtectedHeader({ alg, kid, typ: "at+jwt", ...header })
        .sign(privateKey),
  };
}

/** The claims of a token. */
export function claimsOf(now: number, claims: TokenOptions["claims"] = {}): JWTPayload {
  const seconds = Math.floor(now / 1000);
  const times = { iat: seconds, nbf: seconds, exp: seconds + 300 };
  const all = { iss: testIssuer, aud: testAudience, sub: "alice", tenant: "acme", ...times, ...claims };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
