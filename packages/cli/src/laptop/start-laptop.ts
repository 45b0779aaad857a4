/** Starts a laptop cluster with operator and runtime in it, and applies the user's objects. */
import { flushCompileCache } from "node:module";
import { dirname, join, resolve } from "node:path";
import {
  applyObjects,
  type Cluster,
  type ClusterOptions,
  type Refusal,
  startCluster,
  systemObjects,
} from "@lmos/local";
import { errorMessage, keepHeapSmall, keepYoungGenerationSmall } from "@lmos/primitives";
import { createPinoLogger } from "@lmos/primitives/pino";
import { customKinds, customResourceDefinition } from "@lmos/resources";
import type { CommandContext, Environment } from "../context.ts";
import { CliError } from "../errors.ts";
import type { Manifest } from "../manifests.ts";
import { formatPath } from "./format-path.ts";
import { makeFolder } from "./make-folder.ts";

/** Ports that a laptop cluster takes where they are free. */
export const preferredPorts = { apiServer: 7443, operator: 8080, runtime: 8081 } as const;

/** What a laptop cluster is started with. */
export interface LaptopOptions {
  /** Folder of its state. */
  readonly directory: string;
  /** Folder that the processes run in. */
  readonly baseFolder: string;
  readonly manifests: readonly Manifest[];
  /** Take any free ports instead of the preferred ones. */
  readonly freePorts: boolean;
  /** Told of each object that is refused, and the others are applied then; unless given the first one ends it all. */
  readonly onRefused?: ((refusal: Refusal) => void) | undefined;
}

/** Where a laptop cluster is. */
export interface LaptopPlace {
  readonly directory: string;
  readonly cluster: Pick<Cluster, "kubeconfigPath">;
}

/** A laptop cluster. */
export interface Laptop extends LaptopPlace, AsyncDisposable {
  readonly cluster: Cluster;
}

/** Starts the cluster; resolves when the user's objects are applied, their processes are starting. */
export async function startLaptop(options: LaptopOptions, context: CommandContext): Promise<Laptop> {
  const { environment, clock, random, ids, signal } = context;
  const { directory, freePorts } = options;
  keepHeapSmall();
  keepYoungGenerationSmall();
  flushCompileCache(); // the processes that are started now load much of what this one has loaded
  const cluster = await startClusterIn(directory, {
    port: freePorts ? 0 : preferredPorts.apiServer,
    baseFolder: options.baseFolder,
    crds: customKinds.map((kind) => customResourceDefinition(kind)),
    system: systemObjects(systemCommands(options, environment)),
    baseEnvironment: { ...environment.variables, PATH: pathWithNode(environment) },
    extraEnvironment: nodeSettings(environment),
    logger: createPinoLogger({ level: "warn", fields: { component: "laptop" } }),
    ...{ clock, random, ids, signal },
  });
  try {
    await applyObjects(cluster.client, options.manifests, { onRefused: options.onRefused, signal });
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
  return { directory, cluster, [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose]() };
}

/** A folder that can't be made or written is a mistake of who named it. */
async function startClusterIn(
  directory: string,
  options: Omit<ClusterOptions, "directory">,
): Promise<Cluster> {
  try {
    await makeFolder(directory);
    return await startCluster({ directory, ...options });
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    const message = `the cluster's state can't be kept in ${directory} (${errorMessage(error)}): name another folder with --dir`;
    throw new CliError("Usage", message, { cause: error });
  }
}

const unwritable: ReadonlySet<unknown> = new Set(["EACCES", "EEXIST", "ENOENT", "ENOTDIR", "EPERM", "EROFS"]);

function isUnwritable(error: unknown): boolean {
  return error instanceof Error && "code" in error && unwritable.has(error.code);
}

/** How the Node of each process finds our packages, and where it keeps what it compiled. */
function nodeSettings({ fromSource, compileCacheDirectory }: Environment): Readonly<Record<string, string>> {
  return {
    ...(fromSource ? { NODE_OPTIONS: "--conditions=@lmos/source" } : {}),
    ...(compileCacheDirectory === undefined ? {} : { NODE_COMPILE_CACHE: compileCacheDirectory }),
  };
}

function systemCommands({ directory, freePorts }: LaptopOptions, environment: Environment) {
  const kubeconfig = resolve(directory, "kubeconfig");
  const start = [environment.nodePath, environment.programPath];
  const server = ["--local", "--host", "127.0.0.1", "--port", "$(PORT)", "--kubeconfig", kubeconfig];
  return {
    operatorCommand: [...start, "operator", ...server],
    runtimeCommand: [...start, "runtime", ...server],
    ...(freePorts ? {} : { operatorPort: preferredPorts.operator, runtimePort: preferredPorts.runtime }),
  };
}

/** Agents say `node …`: that is to be the Node that runs us, whatever else is installed. */
function pathWithNode({ nodePath, variables }: Environment): string {
  return [dirname(nodePath), variables["PATH"]].filter((part) => part !== undefined).join(":");
}

/** The text that a user types to use this cluster with kubectl. */
export function kubectlCommand({ cluster }: LaptopPlace, environment: Environment): string {
  return `kubectl --kubeconfig ${formatPath(cluster.kubeconfigPath, environment.workingDirectory)}`;
}

/** The folder of a cluster's state, from the `--dir` of a command. */
export function laptopDirectory(dir: string, environment: Environment): string {
  return join(resolve(environment.workingDirectory, dir));
}
