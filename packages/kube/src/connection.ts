/** What proves to the server who calls, and what proves the server to us. PEM texts. */
export interface Credentials {
  /** Value of the `authorization` header. */
  readonly authorization?: string | undefined;
  /** Certificates that the server's must chain to; those of the system when absent. */
  readonly certificateAuthority?: string | undefined;
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: string | undefined;
  /** Name that the server's certificate must carry, where it is not the one in the URL. */
  readonly serverName?: string | undefined;
  /** False accepts any certificate: for experiments only. */
  readonly verifyServer?: boolean | undefined;
}

/** How to reach an API server. `http://` servers need no credentials (tests). */
export interface KubeConnection {
  /** Base URL. */
  readonly server: string;
  /** Namespace of calls on namespaced types that name none. */
  readonly namespace: string;
  /**
   * The credentials as of now. The client asks again every ten seconds and after a 401, so tokens and certificates
   * that are renewed on disk or by a plugin are picked up.
   */
  readonly credentials: () => Promise<Credentials>;
}
