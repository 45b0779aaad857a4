/**
 * Who is trusted to sign the certificates of agents: a file of PEM certificates, which is read again when it changes, so
 * that authorities can be replaced while turns run. A file that cannot be used is refused: those of before count on.
 */
import { X509Certificate } from "node:crypto";
import type { Clock, Logger } from "@lmos/primitives";
import { FollowedFile } from "../followed-file.ts";

const certificatePattern = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** What connections to agents ask. */
export interface AgentTrust {
  /** Certificates in PEM; undefined where those that Node trusts count. */
  readonly authorities: readonly string[] | undefined;
}

/** Those that Node trusts. */
export const usualTrust: AgentTrust = { authorities: undefined };

/** What they are read from. */
export interface TrustedAuthoritiesOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Trusts nobody before {@link TrustedAuthorities.open}. */
export class TrustedAuthorities implements AgentTrust {
  readonly #file: FollowedFile<readonly string[]>;
  #authorities: readonly string[] = [];

  constructor(options: TrustedAuthoritiesOptions) {
    const { path, logger } = options;
    this.#file = new FollowedFile({
      ...options,
      parse: readCertificates,
      content: "the authorities",
      remedy: "give a file of certificates in PEM",
      code: "InvalidAuthorities",
      onRead: (authorities) => {
        this.#authorities = authorities;
        logger.info("The authorities of agents' certificates were read", { path, count: authorities.length });
      },
    });
  }

  get authorities(): readonly string[] {
    return this.#authorities;
  }

  /**
   * Reads the file.
   *
   * @throws RuntimeError `InvalidAuthorities` when it has no certificate that can be read.
   */
  open(): Promise<void> {
    return this.#file.open();
  }

  /** Follows the file until aborted. */
  run(call: { readonly signal: AbortSignal }): Promise<void> {
    return this.#file.run(call);
  }
}

function readCertificates(text: string): readonly string[] {
  const certificates = text.match(certificatePattern) ?? [];
  if (certificates.length === 0) throw new Error("there is no certificate in it");
  for (const certificate of certificates) new X509Certificate(certificate); // throws where it is none
  return certificates;
}
