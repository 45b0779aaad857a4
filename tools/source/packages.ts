/** The workspace as data: packages, their manifests and their source files. Read by the architecture tests and the house mirror. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** Folder of the repository. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

const manifestSchema = z.object({
  name: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
});

/** One package of the workspace. */
export interface Package {
  /** Folder name under packages/, such as `kube`. */
  readonly name: string;
  /** Our packages among its runtime dependencies, by folder name. */
  readonly dependencies: readonly string[];
  /** Our packages among its development dependencies, by folder name. */
  readonly devDependencies: readonly string[];
  readonly files: readonly SourceFile[];
}

/** One TypeScript file. */
export interface SourceFile {
  /** Path from the repository's folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly isTest: boolean;
}

/** Scope of our packages' names. */
export const scope = "@lmos/";

/** Every folder under packages/, read. */
export function readPackages(): readonly Package[] {
  return readdirSync(join(root, "packages"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => readPackage(entry.name));
}

function readPackage(name: string): Package {
  const folder = join(root, "packages", name);
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  return {
    name,
    dependencies: ours(manifest.dependencies),
    devDependencies: ours(manifest.devDependencies),
    files: readSourceFiles(join(folder, "src")),
  };
}

function ours(dependencies: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(dependencies).flatMap((name) =>
    name.startsWith(scope) ? [name.slice(scope.length)] : [],
  );
}

/** The TypeScript files below a folder, in the order of their paths. */
export function readSourceFiles(folder: string): readonly SourceFile[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/\/(node_modules|dist|generated|testdata)\//.test(path))
    .sort()
    .map((path) => ({
      path: relative(root, path),
      text: readFileSync(path, "utf8"),
      isTest:
        /\.test\.tsx?$/.test(path) ||
        /\/testing[-/]/.test(relative(root, path).replace("packages/testing/", "")),
    }));
}
