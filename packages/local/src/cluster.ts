/**
 * The laptop cluster: an embedded API server and a process node on one directory. What it starts it stops, the API
 * server last, so that the objects say the truth about what runs also after the cluster has ended.
 */
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type ApiServer, startApiServer } from "@lmos/apiserver";
import { createKubeClient, type KubeClient, loadConnection } from "@lmos/kube";
import type { Clock, IdSource, Logger, Random } from "@lmos/primitives";
import { applyObjects } from "./apply-objects.ts";
import { installDefinitions } from "./custom-definitions.ts";
import { takeCustody } from "./guard/custody.ts";
import type { LocalProcess } from "./process-node/local-process.ts";
import { createMachineTable } from "./process-node/machine.ts";
import { isFreePort } from "./process-node/ports.ts";
import { startProcessNode } from "./process-node/process-node.ts";

/** What a cluster is made of. */
export interface ClusterOptions {
  /** Holds all of its state; made if it is missing. One cluster at a time may use it. */
  readonly directory: string;
  /** Port of the API server on 127.0.0.1; another one where it is taken, any free one for 0. */
  readonly port: number;
  /** Folder that the working directories of processes start from. */
  readonly baseFolder: string;
  /** CustomResourceDefinitions to install, as parsed from YAML. */
  readonly crds: readonly object[];
  /** Other objects to apply at the start, as parsed from YAML. */
  readonly system: readonly object[];
  /** The environment of this process, of which only a few variables are handed down to processes. */
  readonly baseEnvironment: Readonly<Record<string, string | undefined>>;
  /** Variables that every process gets, beside `KUBECONFIG`. */
  readonly extraEnvironment: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly logger: Logger;
  /** Gives up starting; does not stop a cluster that has started. */
  readonly signal: AbortSignal;
}

/** A running cluster. Disposing it stops everything, within about three seconds. */
export interface Cluster extends AsyncDisposable {
  /** URL of the API server. */
  readonly url: string;
  /** A kubeconfig for it, readable by this user only. */
  readonly kubeconfigPath: string;
  /** True when the wanted port was taken and another one is used. */
  readonly portReplaced: boolean;
  /** A client of the API server; it ends with the cluster. */
  readonly client: KubeClient;
  /** What runs now. */
  processes(): readonly LocalProcess[];
}

/**
 * Starts a cluster; it runs when this resolves, its Deployments' processes are starting. Throws a LocalError
 * (`AlreadyRunning`, `NotEstablished`, and those of {@link applyObjects}), an ApiServerError or a KubeError; nothing
 * is left running then.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { clock, crds, directory, ids, logger, random, signal, system } = options;
  await using starting = new AsyncDisposableStack();
  const custodian = starting.use(await takeCustody({ directory, clock, logger, signal }));
  const { server, portReplaced } = await startServer(options);
  starting.use(server);
  const kubeconfigPath = await writeKubeconfig(directory, server.kubeconfig);
  const connection = loadConnection({ kubeconfigPath });
  const client = starting.use(createKubeClient({ connection, clock, random, userAgent: "lmos-local" }));
  await installDefinitions(client, crds, { clock, signal });
  await applyObjects(client, system, { signal });
  const extraEnvironment = { KUBECONFIG: kubeconfigPath, ...options.extraEnvironment };
  const table = createMachineTable({ ...options, extraEnvironment, custodian });
  const node = starting.use(startProcessNode({ client, table, clock, random, ids, logger }));
  const running = starting.move();
  return {
    url: server.url,
    kubeconfigPath,
    portReplaced,
    client,
    processes: () => node.processes(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** The server gets a signal of its own: it must outlive the process node. */
async function startServer(
  options: ClusterOptions,
): Promise<{ readonly server: ApiServer; readonly portReplaced: boolean }> {
  const { clock, directory, ids, logger, port, random } = options;
  const portReplaced = port !== 0 && !(await isFreePort(port));
  const server = await startApiServer({
    directory: join(directory, "apiserver"),
    port: portReplaced ? 0 : port,
    signal: new AbortController().signal,
    ...{ clock, random, ids, logger },
  });
  return { server, portReplaced };
}

async function writeKubeconfig(directory: string, text: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  const path = resolve(directory, "kubeconfig"); // absolute: processes read it from other folders
  await writeFile(path, text, { mode: 0o600 });
  await chmod(path, 0o600); // the mode above is only for a new file
  return path;
}
