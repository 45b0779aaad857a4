/** Builds and starts the Kotlin agent. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findJava } from "./java.ts";

const folder = fileURLToPath(new URL("kotlin-agent/", import.meta.url));
const startMs = 60_000;

/** A running agent; disposing it kills its process. */
export interface KotlinAgent extends AsyncDisposable {
  readonly port: number;
}

/** Compiles it with Maven, then runs it on a free port. */
export async function startKotlinAgent(): Promise<KotlinAgent> {
  const java = await findJava();
  if (java.kind === "missing") throw new Error(java.message);
  const environment = { ...process.env, JAVA_HOME: java.home };
  await promisify(execFile)("mvn", ["-B", "-q", "compile"], { cwd: folder, env: environment });
  const classPath = `${join(folder, "target/classes")}:${readFileSync(join(folder, "target/classpath.txt"), "utf8")}`;
  const port = await freePort();
  const child = spawn(join(java.home, "bin/java"), ["-Xmx256m", "-cp", classPath, "MainKt", String(port)], {
    stdio: ["ignore", "ignore", "ignore"],
  });
  await whenHealthy(child, port);
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

async function whenHealthy(child: ChildProcess, port: number): Promise<void> {
  const until = performance.now() + startMs;
  while (performance.now() < until && child.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(100);
  }
  child.kill("SIGKILL");
  throw new Error("The Kotlin agent did not start");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}
