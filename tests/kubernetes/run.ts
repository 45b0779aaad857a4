/**
 * `npm run test:kubernetes [NAME...]`, and `npm run test:operator [NAME...]` for the suites of the operator: builds what is missing of Kubernetes, starts it on loopback, runs every suite that needs
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
import { BuildFailedError, findParts, partNames } from "./parts.ts";

/** Those that the embedded server has too; other controllers would write where the cases do not expect it. */
const controllers = "garbage-collector-controller,namespace-controller";

/**
 * What runs on a control plane of its own: the servers beside each other and the faults of the client need one that nobody has
 * put anything on, and leave hundreds of definitions and namespaces behind.
 */
const isOperators = process.argv.includes("--operator");
const projects = isOperators
  ? ["operator", "operator in time", "operator on the real server", "manifests"]
  : ["kubernetes", "faults"];
/** Parts of file names. */
const names = process.argv.slice(2).filter((parameter) => parameter !== "--operator");

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, () => stop.abort());

try {
  process.exitCode = await run();
} catch (error) {
  if (!(error instanceof BuildFailedError)) process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
}

async function run(): Promise<number> {
  const { signal } = stop;
  // The node that kwok plays is used by the operator's suites only.
  const parts = await findParts(partNames.filter((name) => isOperators || !name.startsWith("kwok")));
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
  const child = spawn(process.execPath, vitestParameters(), {
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    detached: true, // a group of its own, which the guard ends if this process is killed
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, LMOS_TEST_KUBECONFIG: controlPlane.kubeconfigPath },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("The suites could not be started");
  custody.hold(pid);
  signal.addEventListener("abort", () => process.kill(-pid, "SIGTERM"));
  const [status] = await once(child, "exit");
  custody.release(pid);
  return status ?? 1;
}

function vitestParameters(): readonly string[] {
  const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  return [
    vitest,
    "run",
    "--config",
    "vitest.kubernetes.config.ts",
    ...projects.map((project) => `--project=${project}`),
    ...names,
  ];
}
