/** How to reach a server: directly, and through the proxies. */
import { createKubeClient, type KubeClient, type KubeConnection } from "@lmos/kube";
import { systemClock } from "@lmos/primitives";
import { type HttpProxy, startHttpProxy, startTcpProxy, type TcpProxy, type Upstream } from "@lmos/testing";

/** What is needed to be let in. */
export interface ServerAccess {
  readonly url: string;
  readonly token: string;
  readonly certificateAuthority: string;
}

/** A client with nothing in between: how the test acts and looks from outside. */
export function directClient({ url, token, certificateAuthority }: ServerAccess): KubeClient {
  const credentials = async () => ({ headers: { authorization: `Bearer ${token}` }, certificateAuthority });
  return clientFor({ server: url, namespace: "default", credentials });
}

/** A client of that connection on real time. */
export function clientFor(connection: KubeConnection): KubeClient {
  return createKubeClient({ connection, clock: systemClock, userAgent: "faults/1.0.0" });
}

/** The server as a proxy's upstream. */
export function upstreamOf({ url, token, certificateAuthority }: ServerAccess): Upstream {
  return { server: url, headers: { authorization: `Bearer ${token}` }, certificateAuthority };
}

/** client → bytes → requests → server: both proxies in a row. */
export interface FaultPath extends AsyncDisposable {
  readonly tcp: TcpProxy;
  readonly http: HttpProxy;
  /** Where the client under test connects. */
  readonly url: string;
  readonly connection: KubeConnection;
}

/** Starts both proxies in front of a server. */
export async function startFaultPath(server: ServerAccess): Promise<FaultPath> {
  await using starting = new AsyncDisposableStack();
  const http = starting.use(await startHttpProxy({ upstream: upstreamOf(server), clock: systemClock }));
  const target = { host: "127.0.0.1", port: Number(new URL(http.url).port) };
  const tcp = starting.use(await startTcpProxy({ target, clock: systemClock }));
  const owned = starting.move();
  const url = `http://127.0.0.1:${tcp.port}`;
  return {
    tcp,
    http,
    url,
    connection: { server: url, namespace: "default" },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
