/**
 * Verifies access tokens (JWT, RFC 9068 and what providers issued before it). What a token says about how to verify it is
 * never followed: algorithms come from a list, keys from the provider's own set.
 */
import type { Clock } from "@lmos/primitives";
import type { JWTHeaderParameters, JWTPayload, JWTVerifyOptions } from "jose";
import { z } from "zod";
import type { Authentication, Authenticator, Identity, RefusalReason } from "./identity.ts";
import { type KeyLookup, KeysUnavailableError } from "./key-set.ts";
import { Secret } from "./secret.ts";
import { TokenCache } from "./token-cache.ts";

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
  /** The claim that names the tenant. */
  readonly tenantClaim: string;
}

/** What a verifier is made of. */
export interface TokenVerifierOptions {
  readonly rules: TokenRules;
  readonly keys: KeyLookup;
  readonly jwt: JwtLibrary;
  readonly clock: Clock;
}

/** Characters of a token, at most. */
export const maxTokenLength = 16 * 1024;
/** Signatures that nobody can make who knows the provider's public keys only. */
const algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
const types: ReadonlySet<unknown> = new Set([undefined, "jwt", "at+jwt", "application/at+jwt"]);
/** They bring or name keys of the token's own, or change what is signed. */
const forbiddenHeaders = ["jku", "jwk", "x5u", "x5c", "crit", "b64", "zip"];
/** Seconds by which the clocks may differ; an expired token is expired all the same. */
const clockTolerance = 30;

/** An {@link Authenticator} for bearer tokens. */
export function createTokenVerifier(options: TokenVerifierOptions): Authenticator {
  const verified = new TokenCache(options.clock);
  const identify = async (token: string): Promise<Identity | RefusalReason> => {
    const known = verified.find(token);
    if (known !== undefined) return known;
    const found = refusalOfHeader(token, options) ?? (await verify(token, options));
    if (typeof found === "string") return found;
    verified.add(token, found);
    return found.identity;
  };
  return {
    authenticate: async (authorization): Promise<Authentication> => {
      if (authorization === undefined || authorization === "") return { kind: "refused", reason: "missing" };
      const token = /^Bearer +([\w~+/.-]+=*)$/i.exec(authorization.slice(0, maxTokenLength + 10))?.[1];
      if (authorization.length > maxTokenLength) return { kind: "refused", reason: "too_large" };
      if (token === undefined) return { kind: "refused", reason: "malformed" };
      const identity = await identify(token);
      if (typeof identity === "string") return { kind: "refused", reason: identity };
      return { kind: "authenticated", caller: { identity, token: new Secret(token) } };
    },
  };
}

function refusalOfHeader(token: string, { jwt }: TokenVerifierOptions): RefusalReason | undefined {
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

interface VerifiedToken {
  readonly identity: Identity;
  readonly expiresAt: number;
}

async function verify(
  token: string,
  { rules, keys, jwt, clock }: TokenVerifierOptions,
): Promise<VerifiedToken | RefusalReason> {
  try {
    const { payload } = await jwt.jwtVerify(token, keys, {
      algorithms,
      issuer: rules.issuer,
      audience: [...rules.audiences],
      requiredClaims: ["exp", "sub"],
      clockTolerance,
      currentDate: new Date(clock.now()),
    });
    return readClaims(payload, rules, clock.now());
  } catch (error) {
    return error instanceof KeysUnavailableError ? "keys_unavailable" : reasonOf(error);
  }
}

const nameSchema = z.string().min(1).max(253).regex(/^\S+$/);
const scopeSchema = z.union([z.string().transform((text) => text.split(" ")), z.array(z.string())]).catch([]);

function readClaims(payload: JWTPayload, rules: TokenRules, now: number): VerifiedToken | RefusalReason {
  const subject = nameSchema.safeParse(payload.sub);
  const tenant = nameSchema.safeParse(
    Object.hasOwn(payload, rules.tenantClaim) ? payload[rules.tenantClaim] : undefined,
  );
  if (!subject.success || !tenant.success || payload.exp === undefined) return "claims";
  const expiresAt = payload.exp * 1000;
  if (expiresAt <= now) return "expired";
  const scopes = new Set(scopeSchema.parse(payload["scope"] ?? payload["scp"]));
  return {
    expiresAt,
    identity: { issuer: rules.issuer, subject: subject.data, tenant: tenant.data, scopes },
  };
}

const reasons: Readonly<Record<string, RefusalReason>> = {
  ERR_JWT_EXPIRED: "expired",
  ERR_JOSE_ALG_NOT_ALLOWED: "algorithm",
  ERR_JWKS_NO_MATCHING_KEY: "unknown_key",
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: "unknown_key",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "signature",
};
const reasonsOfClaims: Readonly<Record<string, RefusalReason>> = {
  iss: "issuer",
  aud: "audience",
  nbf: "not_yet_valid",
};

function reasonOf(error: unknown): RefusalReason {
  if (!(error instanceof Error) || !("code" in error)) return "malformed";
  if (error.code === "ERR_JWT_CLAIM_VALIDATION_FAILED") {
    const claim = "claim" in error ? String(error.claim) : "";
    return reasonsOfClaims[claim] ?? "claims";
  }
  return reasons[String(error.code)] ?? "malformed";
}
