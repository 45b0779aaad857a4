/** What the commands `operator` and `runtime` have in common: where they listen, what they log, how they stop. */
import { faultFields, type Logger, whenAborted } from "@lmos/primitives";
import { createPinoLogger } from "@lmos/primitives/pino";
import { type Command, Option } from "commander";
import { type ConnectionOptions, withConnectionOptions } from "./connect.ts";
import type { CommandContext } from "./context.ts";
import { parsePort } from "./parse-number.ts";
import { untilStopped } from "./until-stopped.ts";

/** The options of a server, as commander gives them. */
export interface ServerOptions extends ConnectionOptions {
  readonly namespace?: string;
  readonly local?: boolean;
  readonly host: string;
  readonly port: number;
  readonly managementPort?: number;
  readonly logLevel: "debug" | "info" | "warn" | "error";
}

/** Adds the options of a server. */
export function withServerOptions(command: Command, defaultPort: number): Command {
  return withConnectionOptions(command)
    .option("-n, --namespace <namespace>", "watch this namespace only (else all)")
    .option("--local", "on a laptop: find processes by the annotation of their Service instead of by DNS")
    .option("--host <address>", "address to listen on", "0.0.0.0")
    .option("--port <port>", "port to listen on, 0 for a free one", parsePort, defaultPort)
    .option(
      "--management-port <port>",
      "port of health and metrics (else 9090; with --local the same port)",
      parsePort,
    )
    .addOption(
      new Option("--log-level <level>", "least level that is logged")
        .choices(["debug", "info", "warn", "error"])
        .default("info"),
    );
}

const defaultManagementPort = 9090;

/** The addresses that a server listens on. A process of a laptop has one port: health and metrics are there too. */
export function addressesOf({ host, port, local, managementPort }: ServerOptions): {
  readonly listen: { readonly host: string; readonly port: number };
  readonly management: { readonly host: string; readonly port: number } | undefined;
} {
  const chosen = managementPort ?? (local === true ? undefined : defaultManagementPort);
  return { listen: { host, port }, management: chosen === undefined ? undefined : { host, port: chosen } };
}

/** The log of a component, as JSON lines on stderr. An error that nobody caught ends the process with a line of it. */
export function componentLogger(
  component: string,
  { logLevel }: ServerOptions,
  { onCrash }: Pick<CommandContext, "onCrash">,
): Logger {
  const logger = createPinoLogger({ level: logLevel, fields: { component } });
  onCrash((error, origin) => logCrash(logger, error, origin));
  return logger;
}

/** Without the error's message, which may quote a user whose turn was under way (row S13). */
export function logCrash(logger: Logger, error: unknown, origin: string): void {
  logger.error("The process ends, as nobody caught an error", { origin, ...faultFields(error) });
}

/** A server that a command keeps. */
export interface Server extends AsyncDisposable {
  /** Rejects when it can't go on by itself. */
  readonly ended?: Promise<void> | undefined;
}

/** Keeps a server until the user or Kubernetes stops it; throws when it can't go on. */
export async function serveUntilStopped(
  start: () => Promise<Server>,
  { signal }: CommandContext,
): Promise<void> {
  await untilStopped(signal, async () => {
    await using server = await start();
    await Promise.race([whenAborted(signal), server.ended ?? whenAborted(signal)]);
  });
}
