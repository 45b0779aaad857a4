/**
 * Who is trusted to sign the certificates of agents: a file of PEM certificates, which is read again when it changes, so
 * that authorities can be replaced while turns run. A file that cannot be used is refused: those of before count on.
 */
import { X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { type Clock, errorMessage, type Logger } from "@lmos/primitives";
import { RuntimeError } from "../errors.ts";

/** Milliseconds between two looks at the file. A mounted Secret changes by a link, which no watch on the file sees. */
const lookEveryMs = 1000;
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
  readonly #options: TrustedAuthoritiesOptions;
  #authorities: readonly string[] = [];
  #seen = "";

  constructor(options: TrustedAuthoritiesOptions) {
    this.#options = options;
  }

  get authorities(): readonly string[] {
    return this.#authorities;
  }

  /**
   * Reads the file.
   *
   * @throws RuntimeError `InvalidAuthorities` when it has no certificate that can be read.
   */
  async open(): Promise<void> {
    await this.#look();
  }

  /** Follows the file until aborted. */
  async run({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    const { clock, logger } = this.#options;
    let complaint = "";
    while (!signal.aborted) {
      await clock.sleep(lookEveryMs, { signal }).catch(() => undefined); // only the signal ends it early
      if (signal.aborted) return;
      const fault = await this.#look().then(
        () => "",
        (error: unknown) => errorMessage(error),
      );
      if (fault !== "" && fault !== complaint) logger.warn(`${fault}; the authorities of before count on`);
      complaint = fault;
    }
  }

  async #look(): Promise<void> {
    const { path, logger } = this.#options;
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const state = `${mtimeMs} ${size} ${ino}`;
      if (state === this.#seen) return;
      this.#seen = state;
      this.#authorities = readCertificates(await readFile(path, "utf8"));
      logger.info("The authorities of agents' certificates were read", {
        path,
        count: this.#authorities.length,
      });
    } catch (error) {
      const remedy = "give a file of certificates in PEM";
      const message = `the authorities in ${path} cannot be used: ${errorMessage(error)}; ${remedy}`;
      throw new RuntimeError("InvalidAuthorities", message, { cause: error });
    }
  }
}

function readCertificates(text: string): readonly string[] {
  const certificates = text.match(certificatePattern) ?? [];
  if (certificates.length === 0) throw new Error("there is no certificate in it");
  for (const certificate of certificates) new X509Certificate(certificate); // throws where it is none
  return certificates;
}
