import type { Readable } from "node:stream";
import type { Clock, IdSource, Random } from "@lmos/primitives";
import type { Terminal } from "./terminal.ts";

/** What the process gives its command; commands read nothing of it by themselves. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  /** Aborted when the user wants to stop (Ctrl-C, SIGTERM). */
  readonly signal: AbortSignal;
  /** Standard input, for commands that are told to read it. */
  readonly input: Readable;
  /**
   * Tells of an error that nobody caught, in place of Node, which would print its message and the line of code that threw.
   * The process ends afterwards, with 1.
   */
  readonly onCrash: (tell: (error: unknown, origin: string) => void) => void;
  /** The keyboard, where there is one. */
  readonly keyboard: AsyncIterable<string> | undefined;
}

/** The environment, read once in main.ts. */
export interface Environment {
  /** Current folder; relative paths start here. */
  readonly workingDirectory: string;
  readonly homeDirectory: string;
  /** `KUBECONFIG`, where it is set. */
  readonly kubeconfig: string | undefined;
  /** True inside a pod. */
  readonly inCluster: boolean;
  /** All variables, for the processes of the laptop cluster to choose from. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The Node that runs us. */
  readonly nodePath: string;
  /** The file that starts this command line. */
  readonly programPath: string;
  /** True where packages are read from their TypeScript sources. */
  readonly fromSource: boolean;
  /** Where Node keeps compiled modules, for the processes of the laptop cluster to share. */
  readonly compileCacheDirectory: string | undefined;
}
