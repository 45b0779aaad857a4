/**
 * The sockets: one pool for calls, which are many and short, and one for watches, which are few and long, so that
 * watches never take the last connection. HTTP/1.1 only: a pool of plain connections is what was measured.
 */
import { canonicalJson } from "@lmos/primitives";
import { buildConnector, type Dispatcher, Pool } from "undici";
import type { Credentials } from "./connection.ts";
import type { CredentialCache } from "./credential-cache.ts";

/** Both pools of a client. */
export interface ConnectionPools extends AsyncDisposable {
  readonly calls: Dispatcher;
  readonly watches: Dispatcher;
}

const shared = { headersTimeout: 30_000, keepAliveTimeout: 30_000, allowH2: false };

/** Pools to one origin; connections are opened when needed. */
export function openPools(origin: string, credentials: CredentialCache): ConnectionPools {
  const connect = createConnector(credentials);
  const calls = new Pool(origin, { ...shared, connect, connections: 16, bodyTimeout: 60_000 });
  // A quiet watch is healthy: its idle timer is the client's, on the injected clock.
  const watches = new Pool(origin, { ...shared, connect, bodyTimeout: 0 });
  return {
    calls,
    watches,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([calls.destroy(), watches.destroy()]);
    },
  };
}

/** Connects with the credentials of that moment, so that a renewed client certificate is used from then on. */
function createConnector(credentials: CredentialCache): buildConnector.connector {
  let built: { readonly text: string; readonly connect: buildConnector.connector } | undefined;
  const connectorFor = (current: Credentials): buildConnector.connector => {
    const options = tlsOptions(current);
    const text = canonicalJson(options);
    if (built?.text !== text) built = { text, connect: buildConnector(options) };
    return built.connect;
  };
  return (options, callback) => {
    credentials.current().then(
      (current) => connectorFor(current)(options, callback),
      (error: Error) => callback(error, null),
    );
  };
}

function tlsOptions(credentials: Credentials): buildConnector.BuildOptions {
  return {
    allowH2: false,
    timeout: 10_000,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
    ca: credentials.certificateAuthority,
    cert: credentials.clientCertificate,
    key: credentials.clientKey,
    servername: credentials.serverName,
    rejectUnauthorized: credentials.verifyServer ?? true,
  };
}
