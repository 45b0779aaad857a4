/** The parent's end of the guard: a process that stops our process groups when we end without having done so. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Logger } from "@lmos/primitives";
import type { GroupCustodian } from "../process-node/spawner.ts";

/** A running guard. Disposing it ends it; it then stops what is still held. */
export interface Guard extends GroupCustodian, AsyncDisposable {
  readonly pid: number | undefined;
}

/** Starts a guard in a session of its own, so that neither Ctrl-C nor a closed terminal reaches it. */
export function startGuard({ logger }: { readonly logger: Logger }): Guard {
  const script = fileURLToPath(new URL(`./guard-main${extname(import.meta.filename)}`, import.meta.url));
  const child = spawn(process.execPath, [script], {
    detached: true,
    env: {},
    stdio: ["pipe", "ignore", "ignore"],
  });
  const exited = once(child, "exit");
  exited.catch((error) => logger.warn("the guard of local processes did not start", { error }));
  child.stdin.on("error", (error) => logger.warn("the guard of local processes has ended", { error }));
  child.unref();
  return {
    pid: child.pid,
    hold: (pid) => child.stdin.write(`+${pid}\n`),
    release: (pid) => child.stdin.write(`-${pid}\n`),
    [Symbol.asyncDispose]: async () => {
      child.ref();
      child.stdin.end();
      await exited.catch(() => undefined); // said above
    },
  };
}
