// Whose tokens an agent asks for, as its author writes it.
import type { Clock, Logger } from "@lmos/primitives";
import { createFetchJson, isSafeUrl, type KeyLookup, KeySet } from "@lmos/tokens";
import type { JSONWebKeySet } from "jose";
import { z } from "zod";
import { AgentError } from "./errors.ts";

/** Which tokens count; operations without one are refused then. */
export interface TokenOptions {
  /** Who makes them: what the runtime was told with `--agent-tokens-issuer`, else `lmos-runtime`. */
  readonly issuer: string;
  /**
   * Whom they have to be for: `tenant/agent`, one or several. `*` in place of the tenant takes those for an agent of that
   * name of every tenant.
   */
  readonly audience: string | readonly string[];
  /** The runtime's public keys, or where they are: an https address, or an http one on this machine. */
  readonly keys: string | { readonly keys: readonly object[] };
  /** Reads the keys over http from another machine, too; only where something else, such as a mesh, protects the way. */
  readonly keysOverHttp?: boolean | undefined;
  /** Seconds by which the clocks may differ, up to 60; 5 unless given. */
  readonly clockTolerance?: number | undefined;
}

/** What the options say of a token. */
export interface TokenRules {
  readonly issuer: string;
  readonly clockTolerance: number;
  /** Whom the token of an operation for that tenant has to be for. */
  audiencesFor(tenant: string): readonly string[];
}

const usualTolerance = 5;
const audiencePattern = /^(\*|[^\s/*]+)\/[^\s/*]+$/;
const optionsSchema = z.object({
  issuer: z.string().min(1, "name who makes the tokens"),
  audience: z
    .union([z.string(), z.array(z.string()).min(1, "name at least one")])
    .transform((value) => (typeof value === "string" ? [value] : value))
    .pipe(z.array(z.string().regex(audiencePattern, "write tenant/agent, or */agent for every tenant"))),
  clockTolerance: z.number().min(0).max(60).default(usualTolerance),
});

/** Reads the options. Throws an {@link AgentError} `InvalidDefinition` that lists everything wrong with them. */
export function tokenRulesOf(options: TokenOptions): TokenRules {
  const { data, error } = optionsSchema.safeParse(options);
  if (data === undefined) throw invalid(z.prettifyError(error));
  const { issuer, audience, clockTolerance } = data;
  const audiencesFor = (tenant: string) => audience.map((each) => each.replace(/^\*\//, () => `${tenant}/`));
  return { issuer, clockTolerance, audiencesFor };
}

/** What keys are found with. */
export interface KeyServices {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly jwt: { createLocalJWKSet(keys: JSONWebKeySet): KeyLookup };
}

const keysSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) });

/** The keys. Throws an {@link AgentError} `InvalidDefinition` for an address that is not safe, and for no keys. */
export function openKeys(
  { issuer, keys, keysOverHttp = false }: TokenOptions,
  { clock, logger, jwt }: KeyServices,
): KeyLookup {
  if (typeof keys !== "string") return jwt.createLocalJWKSet(parseKeys(keys));
  if (!isSafeUrl(keys) && !(keysOverHttp && URL.parse(keys)?.protocol === "http:")) {
    const remedy =
      "give an https address (http on loopback, or with keysOverHttp where a mesh protects the way)";
    throw invalid(`keys ${JSON.stringify(keys)} can't be read safely: ${remedy}`);
  }
  const lookupIn = (known: JSONWebKeySet): KeyLookup => jwt.createLocalJWKSet(known);
  const fetchJson = createFetchJson(clock);
  return new KeySet({ issuer, jwksUrl: keys, fetchJson, clock, logger, lookupIn }).find;
}

function parseKeys(keys: object): JSONWebKeySet {
  const { data, error } = keysSchema.safeParse(keys);
  if (data === undefined) throw invalid(`keys: ${z.prettifyError(error)}`);
  if (data.keys.some((key) => Object.hasOwn(key, "d"))) throw invalid("keys: give the public halves alone");
  return data;
}

function invalid(message: string): AgentError {
  return new AgentError("InvalidDefinition", `tokens can't be verified: ${message}`);
}
