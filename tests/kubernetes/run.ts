/**
 * `npm run test:kubernetes [NAME...]`: builds what is missing of Kubernetes, starts it on loopback, runs every suite that needs
 * it (or those whose file names contain a NAME), and stops it again, also when it is interrupted or killed.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { takeCustody } from "@lmos/local";
import { silentLogger, systemClock } from "@lmos/primitives";
import { startControlPlane } from "./control-plane.ts";
import { BuildFailedError, findParts, type Parts, partNames } from "./parts.ts";

/** Those that the embedded server has too; other controllers would write where the cases do not expect it. */
const controllers = "garbage-collector-controller,namespace-controller";

/**
 * Each round has a control plane of its own: the comparison of the servers needs one that nobody has put anything on, and leaves
 * hundreds of definitions and namespaces behind.
 */
const rounds = [["kubernetes"], ["faults", "operator", "operator on the real server", "manifests"]] as const;

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, () => stop.abort());

try {
  const parts = await findParts(partNames.filter((name) => !name.startsWith("kwok")));
  for (const projects of rounds) {
    const status = await runRound(parts, projects);
    process.exitCode = (process.exitCode ?? 0) || status;
  }
} catch (error) {
  if (!(error instanceof BuildFailedError)) process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
}

async function runRound(parts: Parts, projects: readonly string[]): Promise<number> {
  const { signal } = stop;
  await using stack = new AsyncDisposableStack();
  const controlPlane = stack.use(
    await startControlPlane({ parts, extras: ["kube-controller-manager"], controllers, signal }),
  );
  // What it remembers of the past begins with its start: now the first versions are forgotten.
  await controlPlane.kill("kube-apiserver");
  await controlPlane.start("kube-apiserver");
  process.stderr.write(`kube-apiserver runs at ${controlPlane.url}\n`);
  const directory = mkdtempSync(join(tmpdir(), "lmos-suites-"));
  stack.defer(() => rmSync(directory, { recursive: true, force: true }));
  const custody = stack.use(
    await takeCustody({ directory, clock: systemClock, logger: silentLogger, signal }),
  );
  const child = spawn(process.execPath, vitestParameters(projects), {
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    detached: true, // a group of its own, which the guard ends if this process is killed
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, LMOS_TEST_KUBECONFIG: controlPlane.kubeconfigPath },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("The suites could not be started");
  custody.hold(pid);
  const end = (): boolean => process.kill(-pid, "SIGTERM");
  signal.addEventListener("abort", end);
  const [status] = await once(child, "exit");
  signal.removeEventListener("abort", end);
  custody.release(pid);
  return status ?? 1;
}

/** Names that were given choose files; a round that has none of them is no failure. */
function vitestParameters(projects: readonly string[]): readonly string[] {
  const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  const names = process.argv.slice(2);
  return [
    vitest,
    "run",
    "--config",
    "vitest.kubernetes.config.ts",
    ...projects.map((project) => `--project=${project}`),
    ...(names.length === 0 ? [] : ["--passWithNoTests", ...names]),
  ];
}
