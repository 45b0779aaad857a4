/** Where the programs of a real Kubernetes are: `KUBEBUILDER_ASSETS` where it is set, otherwise what tools/kubernetes/build.sh builds. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** The programs, under the names that build.sh gives them; `kubectl` is the newest, `kubectl-1.32` the oldest tested. */
export const partNames = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubectl",
  "kubectl-1.32",
  "kwok",
  "kwok.yaml",
] as const;

export type PartName = (typeof partNames)[number];

/** The build has said on standard error why it failed: no Go, or no such part. */
export class BuildFailedError extends Error {}

/** Path of each part that was asked for. */
export type Parts = Readonly<Partial<Record<PartName, string>>>;

const script = fileURLToPath(new URL("../../tools/kubernetes/build.sh", import.meta.url));

/** Finds the parts, building what is missing; how that gets on goes to standard error. Throws a {@link BuildFailedError}. */
export async function findParts(names: readonly PartName[]): Promise<Parts> {
  const assets = process.env["KUBEBUILDER_ASSETS"];
  const given = assets === undefined ? [] : names.flatMap((name) => existing(assets, name));
  const rest = names.filter((name) => !given.some(([found]) => found === name));
  return Object.fromEntries([...given, ...(rest.length === 0 ? [] : await build(rest))]);
}

/** The path of a part; throws where it was not asked for. */
export function pathOf(parts: Parts, name: PartName): string {
  const path = parts[name];
  if (path === undefined) throw new Error(`${name} is not among the parts`);
  return path;
}

function existing(folder: string, name: PartName): readonly (readonly [PartName, string])[] {
  const path = join(folder, name);
  try {
    accessSync(path, constants.R_OK);
    return [[name, path]];
  } catch {
    return []; // assets folders have no kwok and one kubectl
  }
}

async function build(names: readonly PartName[]): Promise<readonly (readonly [string, string])[]> {
  const child = spawn(script, names, { stdio: ["ignore", "pipe", "inherit"] });
  const [output, [status]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  if (status !== 0) throw new BuildFailedError("The parts of Kubernetes could not be built");
  return output
    .trimEnd()
    .split("\n")
    .map((line) => {
      const at = line.indexOf("=");
      return [line.slice(0, at), line.slice(at + 1)];
    });
}
