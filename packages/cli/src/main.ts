/** The process: arguments, environment, signals and streams go in here, and the exit code comes out. */
import { getCompileCacheDir } from "node:module";
import { homedir } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock, systemIds, systemRandom } from "@lmos/primitives";
import type { Environment } from "./context.ts";
import { readKeyboard } from "./keyboard.ts";
import { run } from "./run.ts";
import { stopOnSignals } from "./stop-on-signals.ts";
import { createTerminal } from "./terminal.ts";

const stop = new AbortController();
stopOnSignals(stop, { process, clock: systemClock });
// A reader that has seen enough (`lmos get agents | head -1`) is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") stop.abort(error);
});

const compileCacheDirectory = getCompileCacheDir(); // of this version of Node; the setting names the folder above
const environment: Environment = {
  workingDirectory: process.cwd(),
  homeDirectory: homedir(),
  kubeconfig: process.env["KUBECONFIG"] || undefined,
  inCluster: process.env["KUBERNETES_SERVICE_HOST"] !== undefined,
  variables: process.env,
  nodePath: process.execPath,
  programPath: fileURLToPath(new URL("../bin/lmos.js", import.meta.url)),
  fromSource: import.meta.url.endsWith(".ts"),
  compileCacheDirectory: compileCacheDirectory === undefined ? undefined : dirname(compileCacheDirectory),
};
const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true;

process.exitCode = await run(process.argv.slice(2), {
  terminal: createTerminal({
    stdout: process.stdout,
    stderr: process.stderr,
    noColor: (process.env["NO_COLOR"] ?? "") !== "" || process.env["TERM"] === "dumb",
    interactive,
  }),
  environment,
  clock: systemClock,
  random: systemRandom,
  ids: systemIds,
  signal: stop.signal,
  input: process.stdin,
  onCrash: (tell) =>
    void process.on("uncaughtException", (error, origin) => {
      tell(error, origin);
      process.exit(1);
    }),
  keyboard: interactive ? readKeyboard(process.stdin, stop.signal) : undefined,
});
