/**
 * Verifies JSON Web Tokens. What a token says about how to verify it is never followed: algorithms come from a list, keys
 * from the issuer's own set.
 */
import type { Clock } from "@lmos/primitives";
import type { JWTHeaderParameters, JWTPayload, JWTVerifyOptions } from "jose";
import { type KeyLookup, KeysUnavailableError } from "./key-set.ts";

/** What of `jose` is used. */
export interface JwtLibrary {
  decodeProtectedHeader(token: string): JWTHeaderParameters | Readonly<Record<string, unknown>>;
  jwtVerify(
    token: string,
    key: KeyLookup,
    options: JWTVerifyOptions,
  ): Promise<{ readonly payload: JWTPayload }>;
}

/** Which tokens count. */
export interface TokenRules {
  readonly issuer: string;
  /** A token has to be for one of these. */
  readonly audiences: readonly string[];
  /** Asymmetric ones only: whoever verifies must not be able to sign. */
  readonly algorithms: readonly string[];
  /** What a token may say that it is (`typ`), in lower case; undefined where it need not say it. */
  readonly types: ReadonlySet<unknown>;
  /** Beside `iss` and `aud`. */
  readonly requiredClaims: readonly string[];
  /** Seconds by which the clocks may differ. */
  readonly clockTolerance: number;
}

/** What a token is verified with. */
export interface TokenServices {
  readonly keys: KeyLookup;
  readonly jwt: JwtLibrary;
  readonly clock: Clock;
}

/** Why a token does not count. */
export type TokenFault =
  | "malformed"
  | "too_large"
  | "algorithm"
  | "header"
  | "type"
  | "unknown_key"
  | "signature"
  | "issuer"
  | "audience"
  | "expired"
  | "not_yet_valid"
  | "claims"
  | "keys_unavailable";

/** Characters of a token, at most. */
export const maxTokenLength = 16 * 1024;
/** They bring or name keys of the token's own, or change what is signed. */
const forbiddenHeaders = ["jku", "jwk", "x5u", "x5c", "crit", "b64", "zip"];

/** The claims of a token, or why it does not count. Never rejects. */
export async function verifyToken(
  token: string,
  rules: TokenRules,
  services: TokenServices,
): Promise<JWTPayload | TokenFault> {
  if (token.length > maxTokenLength) return "too_large";
  return faultOfHeader(token, rules, services.jwt) ?? (await verify(token, rules, services));
}

function faultOfHeader(
  token: string,
  { algorithms, types }: TokenRules,
  jwt: JwtLibrary,
): TokenFault | undefined {
  const header = decodeHeader(token, jwt);
  if (header === undefined) return "malformed";
  if (typeof header["alg"] !== "string" || !algorithms.includes(header["alg"])) return "algorithm";
  if (forbiddenHeaders.some((name) => Object.hasOwn(header, name))) return "header";
  const { typ, kid } = header;
  if (!types.has(typeof typ === "string" ? typ.toLowerCase() : typ)) return "type";
  return kid === undefined || (typeof kid === "string" && kid.length <= 256) ? undefined : "header";
}

function decodeHeader(token: string, jwt: JwtLibrary): Readonly<Record<string, unknown>> | undefined {
  try {
    return { ...jwt.decodeProtectedHeader(token) };
  } catch {
    return undefined;
  }
}

async function verify(
  token: string,
  { issuer, audiences, algorithms, requiredClaims, clockTolerance }: TokenRules,
  { keys, jwt, clock }: TokenServices,
): Promise<JWTPayload | TokenFault> {
  try {
    const { payload } = await jwt.jwtVerify(token, keys, {
      ...{ issuer, clockTolerance },
      algorithms: [...algorithms],
      audience: [...audiences],
      requiredClaims: [...requiredClaims],
      currentDate: new Date(clock.now()),
    });
    return payload;
  } catch (error) {
    return error instanceof KeysUnavailableError ? "keys_unavailable" : faultOf(error);
  }
}

const faults: Readonly<Record<string, TokenFault>> = {
  ERR_JWT_EXPIRED: "expired",
  ERR_JOSE_ALG_NOT_ALLOWED: "algorithm",
  ERR_JWKS_NO_MATCHING_KEY: "unknown_key",
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: "unknown_key",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "signature",
};
const faultsOfClaims: Readonly<Record<string, TokenFault>> = {
  iss: "issuer",
  aud: "audience",
  nbf: "not_yet_valid",
};

function faultOf(error: unknown): TokenFault {
  if (!(error instanceof Error) || !("code" in error)) return "malformed";
  if (error.code === "ERR_JWT_CLAIM_VALIDATION_FAILED") {
    const claim = "claim" in error ? String(error.claim) : "";
    return faultsOfClaims[claim] ?? "claims";
  }
  return faults[String(error.code)] ?? "malformed";
}
