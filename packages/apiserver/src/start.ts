/** Puts a server together: identity, storage, registry, lifecycle and HTTP; and takes it apart again. */
import type { Clock, IdSource, Logger, Random } from "@lmos/primitives";
import { builtinKinds } from "@lmos/resource-definitions";
import { SchemaDocuments } from "./discovery/schema-documents.ts";
import { startHttpServer } from "./http/server.ts";
import { loadIdentity } from "./identity/identity.ts";
import { kubeconfigText } from "./identity/kubeconfig.ts";
import { defaultRetention, type Retention } from "./lifecycle/compaction.ts";
import { startLifecycle } from "./lifecycle/lifecycle.ts";
import { Catalogue } from "./registry/catalogue.ts";
import { ObjectStore } from "./storage/object-store.ts";
import { ChangeLog } from "./watch/change-log.ts";

/** What a server is started with. */
export interface ApiServerOptions {
  /** Holds database, certificate and token; made if it is missing. One server at a time may use it. */
  readonly directory: string;
  /** Port on 127.0.0.1; 0 for any that is free. */
  readonly port: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly logger: Logger;
  /** How much of the past watches can go back to; two hours, or thirty thousand changes, unless given. */
  readonly retention?: Retention | undefined;
  /** Stops the server when it is aborted, as disposing it does. */
  readonly signal: AbortSignal;
}

/** A running server. Disposing it ends watches, finishes other requests, and closes the database. */
export interface ApiServer extends AsyncDisposable {
  /** `https://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  /** The bearer token that every request must carry. */
  readonly token: string;
  /** The certificate (PEM) that clients trust. */
  readonly certificateAuthority: string;
  /** A kubeconfig (YAML) with one context, `lmos`, in the namespace `default`. */
  readonly kubeconfig: string;
}

/**
 * Starts an embedded Kubernetes API server on loopback, its state in a folder.
 * Throws an `ApiServerError`: `PortInUse`, `DirectoryInUse` or `DirectoryUnreadable`.
 */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  options.signal.throwIfAborted();
  await using starting = new AsyncDisposableStack();
  const { directory, clock, random, ids, logger } = options;
  const store = starting.use(new ObjectStore(directory));
  const identity = await loadIdentity(directory, clock);
  const log = starting.use(new ChangeLog(store));
  const registry = { store, catalogue: new Catalogue(builtinKinds), clock, random, ids };
  starting.use(startLifecycle({ registry, retention: options.retention ?? defaultRetention, logger }));
  const http = starting.use(
    await startHttpServer({
      api: { registry, log, schemas: new SchemaDocuments(registry.catalogue) },
      identity,
      port: options.port,
      logger,
    }),
  );
  const url = `https://127.0.0.1:${http.port}`;
  const { token, certificateAuthority } = identity;
  const dispose = disposeOnce(starting.move(), options);
  return {
    url,
    port: http.port,
    token,
    certificateAuthority,
    kubeconfig: kubeconfigText({ url, certificateAuthority, token }),
    [Symbol.asyncDispose]: dispose,
  };
}

/** Disposes when it is called or the signal is aborted, whatever comes first; every call waits for the end of it. */
function disposeOnce(stack: AsyncDisposableStack, { signal, logger }: ApiServerOptions): () => Promise<void> {
  let disposing: Promise<void> | undefined;
  const dispose = (): Promise<void> => {
    disposing ??= stack.disposeAsync();
    return disposing;
  };
  const onAbort = (): void => {
    dispose().catch((error: unknown) => logger.error("The API server did not stop cleanly", { error }));
  };
  signal.addEventListener("abort", onAbort, { once: true });
  stack.defer(() => signal.removeEventListener("abort", onAbort));
  return dispose;
}
