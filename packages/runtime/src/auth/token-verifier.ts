/**
 * Verifies access tokens (JWT, RFC 9068 and what providers issued before it). What a token says about how to verify it is
 * never followed: algorithms come from a list, keys from the provider's own set.
 */
import { maxTokenLength, type TokenServices, verifyToken } from "@lmos/tokens";
import type { JWTPayload } from "jose";
import { z } from "zod";
import type { Authentication, Authenticator, Identity, RefusalReason } from "./identity.ts";
import { Secret } from "./secret.ts";
import { TokenCache } from "./token-cache.ts";

/** Which tokens count. */
export interface UserTokenRules {
  readonly issuer: string;
  /** A token has to be for one of these. */
  readonly audiences: readonly string[];
  /** The claim that names the tenant. */
  readonly tenantClaim: string;
}

/** What a verifier is made of. */
export interface TokenVerifierOptions extends TokenServices {
  readonly rules: UserTokenRules;
}

/** Signatures that nobody can make who knows the provider's public keys only. */
const algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
const types: ReadonlySet<unknown> = new Set([undefined, "jwt", "at+jwt", "application/at+jwt"]);
/** Seconds by which the clocks may differ; an expired token is expired all the same. */
const clockTolerance = 30;

/** An {@link Authenticator} for bearer tokens. */
export function createTokenVerifier(options: TokenVerifierOptions): Authenticator {
  const verified = new TokenCache(options.clock);
  const identify = async (token: string): Promise<Identity | RefusalReason> => {
    const known = verified.find(token);
    if (known !== undefined) return known;
    const found = await verify(token, options);
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

interface VerifiedToken {
  readonly identity: Identity;
  readonly expiresAt: number;
}

async function verify(
  token: string,
  { rules, ...services }: TokenVerifierOptions,
): Promise<VerifiedToken | RefusalReason> {
  const { issuer, audiences } = rules;
  const requiredClaims = ["exp", "sub"];
  const own = { issuer, audiences, algorithms, types, requiredClaims, clockTolerance };
  const claims = await verifyToken(token, own, services);
  return typeof claims === "string" ? claims : readClaims(claims, rules, services.clock.now());
}

const nameSchema = z.string().min(1).max(253).regex(/^\S+$/);
const scopeSchema = z.union([z.string().transform((text) => text.split(" ")), z.array(z.string())]).catch([]);

function readClaims(payload: JWTPayload, rules: UserTokenRules, now: number): VerifiedToken | RefusalReason {
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
