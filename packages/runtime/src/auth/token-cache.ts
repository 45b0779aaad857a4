/** Tokens that were verified, by their digest, until they expire: a signature costs more than a turn. */
import { createHash } from "node:crypto";
import type { Clock } from "@lmos/primitives";
import type { Identity } from "./identity.ts";

interface Verified {
  readonly identity: Identity;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

const maxTokens = 10_000;

/** Remembers verified tokens, but not the tokens themselves. */
export class TokenCache {
  readonly #clock: Clock;
  readonly #verified = new Map<string, Verified>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#verified.size;
  }

  find(token: string): Identity | undefined {
    const key = digest(token);
    const found = this.#verified.get(key);
    if (found !== undefined && found.expiresAt > this.#clock.now()) return found.identity;
    this.#verified.delete(key);
    return undefined;
  }

  add(token: string, verified: Verified): void {
    this.#verified.set(digest(token), verified);
    const oldest = this.#verified.keys().next().value;
    if (this.#verified.size > maxTokens && oldest !== undefined) this.#verified.delete(oldest);
  }
}

function digest(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
