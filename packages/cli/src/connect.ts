/** Finds the cluster that a command talks to: a flag, a running laptop cluster, KUBECONFIG, ~/.kube/config, the pod's own. */
import { existsSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import {
  createKubeClient,
  type KubeClient,
  type KubeClientOptions,
  type KubeConnection,
  loadConnection,
} from "@lmos/kube";
import type { Command } from "commander";
import type { CommandContext, Environment } from "./context.ts";
import { CliError } from "./errors.ts";

/** Folder of a laptop cluster, below the current one. */
export const defaultDirectory = ".lmos";

/** The options that choose a cluster, as commander gives them. */
export interface ConnectionOptions {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly dir?: string | undefined;
}

/** A cluster to talk to. */
export interface Target extends AsyncDisposable {
  readonly client: KubeClient;
  readonly connection: KubeConnection;
}

/** Adds the options that choose a cluster. */
export function withConnectionOptions(command: Command): Command {
  return command
    .option(
      "--kubeconfig <file>",
      "kubeconfig file (else a laptop cluster here, $KUBECONFIG, ~/.kube/config)",
    )
    .option("--context <name>", "context of the kubeconfig")
    .option("--dir <folder>", "folder of the laptop cluster", defaultDirectory);
}

/** How the client is to work beside what its options say. */
export interface ConnectSettings extends Pick<KubeClientOptions, "metrics" | "tracer"> {
  /** Of objects that name none; that of the kubeconfig unless given. */
  readonly namespace?: string | undefined;
}

/** Opens a client for the chosen cluster and says on stderr which one that is; its requests are counted and traced. */
export function connect(
  options: ConnectionOptions,
  { terminal, environment, clock }: CommandContext,
  { namespace, ...telemetry }: ConnectSettings = {},
): Target {
  const kubeconfigPath = findKubeconfig(options, environment);
  if (kubeconfigPath === undefined && !environment.inCluster) {
    throw new CliError(
      "Unreachable",
      "no cluster found: start one with `lmos demo`, or name one with --kubeconfig FILE",
    );
  }
  const loaded = loadConnection({ kubeconfigPath, context: options.context });
  const connection = namespace === undefined ? loaded : { ...loaded, namespace };
  if (terminal.interactive)
    terminal.hint(`cluster: ${kubeconfigPath?.join(delimiter) ?? "in-cluster"} (${connection.server})`);
  const stopped = kubeconfigPath?.find(isOfStoppedCluster);
  if (stopped !== undefined)
    terminal.hint(`the cluster in ${dirname(stopped)} does not run: start it with \`lmos dev\``);
  const client = createKubeClient({ connection, clock, userAgent: "lmos-cli", ...telemetry });
  return { client, connection, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() };
}

/** A laptop cluster that has ended in order takes its `processes.json` away, and leaves all else for its next start. */
function isOfStoppedCluster(path: string): boolean {
  const folder = dirname(path);
  return existsSync(join(folder, "apiserver")) && !existsSync(join(folder, "processes.json"));
}

/** The kubeconfig to read, or undefined where there is none; several files are laid over each other, the first one on top. */
export function findKubeconfig(
  options: ConnectionOptions,
  environment: Environment,
): readonly string[] | undefined {
  const { workingDirectory, homeDirectory } = environment;
  if (options.kubeconfig !== undefined)
    return [existing(resolve(workingDirectory, options.kubeconfig), "--kubeconfig")];
  const laptop = resolve(workingDirectory, options.dir ?? defaultDirectory, "kubeconfig");
  if (existsSync(laptop)) return [laptop];
  if (environment.kubeconfig !== undefined) return fromVariable(environment.kubeconfig, workingDirectory);
  const home = join(homeDirectory, ".kube", "config");
  return existsSync(home) ? [home] : undefined;
}

/** Those that are there: kubectl passes over the others, too. */
function fromVariable(text: string, workingDirectory: string): readonly string[] {
  const names = text.split(delimiter).filter((name) => name !== "");
  const paths = [...new Set(names.map((name) => resolve(workingDirectory, name)))];
  const found = paths.filter((path) => existsSync(path));
  return found.length > 0 ? found : [existing(paths[0] ?? text, "$KUBECONFIG")];
}

function existing(path: string, origin: string): string {
  if (existsSync(path)) return path;
  throw new CliError(
    "Unreachable",
    `${origin} names ${path}, which does not exist: correct it or leave it out`,
  );
}
