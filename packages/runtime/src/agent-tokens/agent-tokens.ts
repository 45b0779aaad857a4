/**
 * Tokens for agents (row S9): in place of the user's token, which stays here, each operation of an agent has one of its
 * own, for that agent alone and for no longer than the operation. Made with the first key of a file, which is read again
 * when it changes; the public halves of all keys in it are published, so keys can be changed while turns run.
 */
import type { Clock, IdSource, Logger } from "@lmos/primitives";
import { RuntimeError } from "../errors.ts";
import { FollowedFile } from "../followed-file.ts";
import type { StateKeys } from "../identity/state-keys.ts";
import { type AgentGrant, claimsOf } from "./agent-claims.ts";
import { signClaims } from "./sign-claims.ts";
import { type PublicKey, readSigningKeys, type SigningKey } from "./signing-key.ts";

/** Makes tokens for agents. */
export interface TokenMint {
  /** A token for one operation of one agent. */
  mint(grant: AgentGrant): string;
}

/** Where the keys are and what the tokens say of their maker. */
export interface AgentTokenSettings {
  /** File of private keys (PEM, Ed25519 or P-256), read again when it changes; the first one signs. */
  readonly keyFile: string;
  /** Who the tokens say has made them: the same for all runtimes whose tokens agents take. */
  readonly issuer: string;
  /** Agents have to show their token to ask others and to use memory; else its ticket is enough for one that shows none. */
  readonly required?: boolean | undefined;
}

/** What tokens are made of. */
export interface AgentTokensOptions extends AgentTokenSettings {
  readonly pseudonyms: Pick<StateKeys, "pseudonym">;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}

/** Makes no tokens before {@link AgentTokens.open}. */
export class AgentTokens implements TokenMint {
  readonly #options: AgentTokensOptions;
  readonly #file: FollowedFile<readonly SigningKey[]>;
  #keys: readonly SigningKey[] = [];

  /** @throws RuntimeError `InvalidAgentTokens` for an issuer that is none. */
  constructor(options: AgentTokensOptions) {
    this.#options = options;
    const { keyFile: path, issuer, logger } = options;
    if (!/^[\x21-\x7e]{1,253}$/.test(issuer)) throw new RuntimeError("InvalidAgentTokens", badIssuer(issuer));
    this.#file = new FollowedFile({
      ...options,
      path,
      parse: readSigningKeys,
      content: "the keys of agents' tokens",
      remedy: "give a file of private keys in PEM, made by openssl genpkey -algorithm ed25519",
      code: "InvalidAgentTokens",
      onRead: (keys) => {
        this.#keys = keys;
        logger.info("The keys of agents' tokens were read", { path, keys: keys.map(({ id }) => id) });
      },
    });
  }

  /** The public halves of all keys. */
  get publicKeys(): readonly PublicKey[] {
    return this.#keys.map(({ publicKey }) => publicKey);
  }

  mint(grant: AgentGrant): string {
    const [key] = this.#keys;
    if (key === undefined) throw new TypeError("tokens are made before their keys were read");
    const { issuer, pseudonyms, clock, ids } = this.#options;
    const subject = grant.owner && pseudonyms.pseudonym(grant.owner);
    return signClaims(claimsOf(grant, { issuer, subject, now: clock.now(), id: ids.next() }), key);
  }

  /**
   * Reads the keys.
   *
   * @throws RuntimeError `InvalidAgentTokens` when there is none that can sign.
   */
  open(): Promise<void> {
    return this.#file.open();
  }

  /** Follows the file until aborted. */
  run(call: { readonly signal: AbortSignal }): Promise<void> {
    return this.#file.run(call);
  }
}

function badIssuer(issuer: string): string {
  return `the issuer of agents' tokens ${JSON.stringify(issuer.slice(0, 80))} cannot be used: give a name or URL of 1 to 253 characters without spaces`;
}
