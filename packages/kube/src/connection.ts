/** What proves to the server who calls, and what proves the server to us. Certificates and keys are PEM texts. */
export interface Credentials {
  /** Headers of every request, usually `authorization`. Names in lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Certificates that the server's must chain to; those of the system when absent. */
  readonly certificateAuthority?: string | undefined;
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: string | undefined;
  /** Name that the server's certificate must carry, where it is not the one in the URL. */
  readonly serverName?: string | undefined;
  /** False accepts any certificate of the server: for experiments only. */
  readonly verifyServer?: boolean | undefined;
}

/** How to reach an API server. */
export interface KubeConnection {
  /** Base URL; plain `http://` serves tests. */
  readonly server: string;
  /** Namespace of calls on namespaced types that name none. */
  readonly namespace: string;
  /**
   * The credentials as of now; none when absent. The client asks again when the last answer is ten seconds old, so
   * that tokens and certificates which are renewed on disk are picked up, and with `renew` when the server has refused
   * what it was given: then nothing that was remembered may be given again.
   */
  readonly credentials?: ((options: { readonly renew: boolean }) => Promise<Credentials>) | undefined;
}
