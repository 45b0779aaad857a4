/**
 * The sockets: one pool for calls, which are many and short, and one for watches, which are few and long, so that
 * watches never take the last connection. HTTP/1.1 only: a pool of plain connections is what was measured. A socket
 * proves once, when it is opened, who calls; so renewed certificates mean new pools, while the old ones end their work.
 */
import { canonicalJson } from "@lmos/primitives";
import type { buildConnector, Dispatcher } from "undici";
import type { Credentials } from "./connection.ts";
import { httpLibrary } from "./http-library.ts";

/** The pools that belong to some credentials. */
export interface Pools {
  readonly calls: Dispatcher;
  readonly watches: Dispatcher;
}

/** The pools of a client. */
export interface ConnectionPools extends AsyncDisposable {
  /** Those whose sockets are opened with these certificates. */
  for(credentials: Credentials): Pools;
}

const shared = { headersTimeout: 30_000, keepAliveTimeout: 30_000, allowH2: false };

/** Pools to one origin; connections are opened when needed. */
export function openPools(origin: string): ConnectionPools {
  let open: { readonly text: string; readonly pools: Pools } | undefined;
  let lastCredentials: Credentials | undefined;
  const retiring = new Set<Pools>();
  const retire = (pools: Pools): void => {
    retiring.add(pools);
    const closed = Promise.all([pools.calls.close(), pools.watches.close()]); // when what runs over them has ended
    closed.catch(() => undefined).finally(() => retiring.delete(pools));
  };
  const choose = (credentials: Credentials): Pools => {
    if (open !== undefined && credentials === lastCredentials) return open.pools;
    lastCredentials = credentials;
    const options = tlsOptions(credentials);
    const text = canonicalJson(options);
    if (open?.text === text) return open.pools;
    if (open !== undefined) retire(open.pools);
    open = { text, pools: poolsWith(origin, options) };
    return open.pools;
  };
  return {
    for: choose,
    [Symbol.asyncDispose]: async () => {
      const all = [...retiring, ...(open === undefined ? [] : [open.pools])];
      await Promise.all(all.flatMap(({ calls, watches }) => [calls.destroy(), watches.destroy()]));
    },
  };
}

function poolsWith(origin: string, options: buildConnector.BuildOptions): Pools {
  const { buildConnector, Pool } = httpLibrary();
  const connect = buildConnector(options);
  return {
    calls: new Pool(origin, { ...shared, connect, connections: 16, bodyTimeout: 60_000 }),
    // A quiet watch is healthy: its idle timer is the client's, on the injected clock.
    watches: new Pool(origin, { ...shared, connect, bodyTimeout: 0 }),
  };
}

function tlsOptions(credentials: Credentials): buildConnector.BuildOptions {
  return {
    allowH2: false,
    timeout: 5_000,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
    ca: credentials.certificateAuthority,
    cert: credentials.clientCertificate,
    key: credentials.clientKey,
    servername: credentials.serverName,
    rejectUnauthorized: credentials.verifyServer ?? true,
  };
}
