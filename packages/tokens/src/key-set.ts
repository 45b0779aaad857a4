/**
 * The keys of an issuer of tokens. Read again when they are ten minutes old, and, at most twice a minute, when a token
 * names a key that is not among them. While the issuer is away the old ones count, for an hour, and nobody waits for it
 * who can do with them.
 */
import { type Clock, errorMessage, type Logger } from "@lmos/primitives";
import type { JSONWebKeySet, JWTVerifyGetKey } from "jose";
import { z } from "zod";
import type { FetchJson } from "./fetch-json.ts";

/** Finds the key of a token's header. */
export type KeyLookup = JWTVerifyGetKey;

/** No keys are known, or those that are known are too old. */
export class KeysUnavailableError extends Error {}

/** What a key set is made of. */
export interface KeySetOptions {
  readonly issuer: string;
  /** Where the keys are; found through the issuer's configuration unless given. */
  readonly jwksUrl?: string | undefined;
  readonly fetchJson: FetchJson;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Makes a lookup in keys, see `createLocalJWKSet` of `jose`; what it throws for a key that is not there has a code. */
  readonly lookupIn: (keys: JSONWebKeySet) => KeyLookup;
}

/** Milliseconds for which keys are fresh. */
export const freshMs = 10 * 60_000;
/** Milliseconds for which keys count that cannot be read again. */
export const staleMs = 60 * 60_000;
/** Milliseconds between two reads. */
export const pauseMs = 30_000;

const configurationSchema = z.object({ issuer: z.string(), jwks_uri: z.string() });
const keysSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

interface KnownKeys {
  readonly find: KeyLookup;
  readonly readAt: number;
}

/** The keys, read when they are first needed. */
export class KeySet {
  readonly #options: KeySetOptions;
  #known: KnownKeys | undefined;
  #reading: Promise<void> | undefined;
  /** The last read gave no keys. */
  #failed = false;
  #triedAt = Number.NEGATIVE_INFINITY;
  #jwksUrl: string | undefined;

  constructor(options: KeySetOptions) {
    this.#options = options;
    this.#jwksUrl = options.jwksUrl;
  }

  /**
   * The key for a token's header.
   *
   * @throws KeysUnavailableError, or the error of `lookupIn`.
   */
  readonly find: KeyLookup = async (header, token) => {
    if (this.#age() > freshMs) {
      const read = this.#read();
      if (!this.#failed || this.#age() > staleMs) await read;
    }
    const known = this.#usable();
    try {
      return await known.find(header, token);
    } catch (error) {
      if (!isUnknownKey(error) || !this.#mayRead()) throw error;
      await this.#read();
      return this.#usable().find(header, token);
    }
  };

  #age(): number {
    return this.#known === undefined
      ? Number.POSITIVE_INFINITY
      : this.#options.clock.monotonic() - this.#known.readAt;
  }

  #usable(): KnownKeys {
    if (this.#known === undefined || this.#age() > staleMs) {
      throw new KeysUnavailableError("the keys of the issuer of tokens cannot be read");
    }
    return this.#known;
  }

  #mayRead(): boolean {
    return this.#options.clock.monotonic() - this.#triedAt >= pauseMs;
  }

  /** Reads once for all who wait. Never rejects. */
  async #read(): Promise<void> {
    if (this.#reading === undefined && !this.#mayRead()) return;
    this.#reading ??= this.#readNow().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  async #readNow(): Promise<void> {
    const { clock, logger, lookupIn } = this.#options;
    this.#triedAt = clock.monotonic();
    try {
      this.#known = { find: lookupIn(await this.#fetchKeys()), readAt: clock.monotonic() };
      this.#failed = false;
    } catch (error) {
      this.#failed = true;
      logger.warn("The keys of the issuer of tokens cannot be read", { error: errorMessage(error) });
    }
  }

  async #fetchKeys(): Promise<JSONWebKeySet> {
    const { issuer, fetchJson } = this.#options;
    const { signal } = new AbortController(); // a read that has begun serves whoever waits for it
    this.#jwksUrl ??= await findJwksUrl(issuer, fetchJson, signal);
    return keysSchema.parse(await fetchJson(this.#jwksUrl, { signal }));
  }
}

async function findJwksUrl(issuer: string, fetchJson: FetchJson, signal: AbortSignal): Promise<string> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const configuration = configurationSchema.parse(await fetchJson(url, { signal }));
  if (configuration.issuer !== issuer) throw new Error(`${url} is the configuration of another issuer`);
  if (!isSafeUrl(configuration.jwks_uri)) throw new Error(`${url} names keys that are not under https`);
  return configuration.jwks_uri;
}

/** Plain http is for providers on this machine. */
export function isSafeUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null) return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

function isUnknownKey(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_JWKS_NO_MATCHING_KEY";
}
