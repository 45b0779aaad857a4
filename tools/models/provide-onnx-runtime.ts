/**
 * `onnxruntime-node` for tests and benchmarks: 290 MB that no user of the project should have to install, so it is no
 * dependency of the repository and is installed once into the cache of models.
 */
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import type { OnnxRuntime } from "@lmos/embeddings";
import { modelsCache } from "./provide-model.ts";

const version = "1.30.0";

/** The package, installed if it is not there yet. */
export async function provideOnnxRuntime(): Promise<OnnxRuntime> {
  const directory = join(modelsCache(), `onnxruntime-node-${version}`);
  const require = createRequire(join(directory, "package.json"));
  try {
    return require("onnxruntime-node");
  } catch {
    await install(directory);
    return require("onnxruntime-node");
  }
}

/** Without its install script, which would download libraries for GPUs; those for processors are in the package. */
async function install(directory: string): Promise<void> {
  process.stderr.write(`installing onnxruntime-node ${version} into ${directory}\n`);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "package.json"), '{"private":true}');
  const parameters = [
    "install",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    `onnxruntime-node@${version}`,
  ];
  await promisify(execFile)("npm", parameters, { cwd: directory });
}
