/** Authentication by an identity provider that speaks OpenID Connect. */
import type { Clock, Logger } from "@lmos/primitives";
import { createFetchJson, type FetchJson, isSafeUrl, KeySet } from "@lmos/tokens";
import { RuntimeError } from "../errors.ts";
import type { Authenticator } from "./identity.ts";
import { createTokenVerifier, type UserTokenRules } from "./token-verifier.ts";

/** Whose tokens count, and which of them. */
export interface OidcOptions extends Omit<UserTokenRules, "tenantClaim"> {
  /** The claim that names the tenant; `tenant` unless given. */
  readonly tenantClaim?: string | undefined;
  /** Where the provider's keys are; found through its configuration unless given. */
  readonly jwksUrl?: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Reads the provider's documents; over HTTP unless given. */
  readonly fetchJson?: FetchJson | undefined;
}

/**
 * Makes an {@link Authenticator}. The provider need not be there yet: its keys are read when the first token comes.
 *
 * @throws RuntimeError `InvalidAuthentication` when the options cannot work.
 */
export async function createOidcAuthenticator(options: OidcOptions): Promise<Authenticator> {
  const { issuer, audiences, tenantClaim = "tenant", jwksUrl, clock } = options;
  if (!isSafeUrl(issuer)) throw invalid("the issuer has to be an https URL (http only on loopback)");
  if (jwksUrl !== undefined && !isSafeUrl(jwksUrl)) throw invalid("the keys have to be under https");
  if (audiences.length === 0) throw invalid("name the audience that tokens have to be for");
  if (tenantClaim === "") throw invalid("name the claim that holds the tenant");
  const jose = await import("jose"); // loaded by those who use it only
  const keys = new KeySet({
    ...options,
    fetchJson: options.fetchJson ?? createFetchJson(clock),
    lookupIn: (known) => jose.createLocalJWKSet(known),
  });
  return createTokenVerifier({
    rules: { issuer, audiences, tenantClaim },
    keys: keys.find,
    jwt: jose,
    clock,
  });
}

function invalid(remedy: string): RuntimeError {
  return new RuntimeError("InvalidAuthentication", `tokens cannot be verified: ${remedy}`);
}
