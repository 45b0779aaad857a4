/**
 * `npm run test:interop`: calls a Kotlin agent on ARC's published jars through our runtime. Fails, with one line that says
 * why, where there is no JDK; with `--check` it only says whether there is one.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findJava } from "./java.ts";

const java = await findJava();
if (java.kind === "missing") {
  process.stderr.write(`${java.message}\n`);
  process.exitCode = 1;
} else if (!process.argv.includes("--check")) {
  process.exitCode = await runSuites();
}

async function runSuites(): Promise<number> {
  const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  const child = spawn(process.execPath, [vitest, "run", "--config", "vitest.interop.config.ts"], {
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    stdio: "inherit",
  });
  const [code]: unknown[] = await once(child, "exit");
  return typeof code === "number" ? code : 1;
}
