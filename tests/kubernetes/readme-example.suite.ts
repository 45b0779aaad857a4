/**
 * The example of packages/kube/README.md as a reader meets it: copied into an empty project outside of this repository,
 * which has installed the packed packages, and run with `node mirror.ts KUBECONFIG` against each server.
 */
import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createKubeClient, type KubeClient, loadConnection } from "@lmos/kube";
import { isRecord, systemClock, systemIds } from "@lmos/primitives";
import { afterAll, beforeAll, expect, it } from "vitest";
import { looseType } from "../faults/harness/widgets-world.ts";
import { servers } from "./server.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const runFile = promisify(execFile);
const { signal } = new AbortController();
const configMaps = looseType({ group: "", kind: "ConfigMap", plural: "configmaps" });
const namespaces = looseType({ group: "", kind: "Namespace", plural: "namespaces", namespaced: false });

let directory = "";

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "lmos-example-"));
  await makeProject(directory);
}, 300_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

it.each(servers)("on the $name server the example keeps a copy of what is labelled", async ({ start }) => {
  await using server = await start();
  const connection = loadConnection({ kubeconfigPath: server.kubeconfigPath });
  await using client = createKubeClient({ connection, clock: systemClock, userAgent: "test" });
  const namespace = `example-${systemIds.next().slice(0, 8)}`;
  const metadata = { name: namespace };
  await client.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata }, { signal });
  await write(client, namespace, "before", { colour: "red" });
  await using example = startExample(server.kubeconfigPath);
  await example.whenSaid("before-copy: applied");
  expect(await dataOf(client, namespace, "before-copy")).toEqual({ colour: "red" });

  await write(client, namespace, "before", { colour: "blue" });
  await write(client, namespace, "after", { size: "1" });
  await example.whenSaid("before-copy: applied", 2);
  await example.whenSaid("after-copy: applied");
  expect(await dataOf(client, namespace, "before-copy")).toEqual({ colour: "blue" });
  expect(await dataOf(client, namespace, "after-copy")).toEqual({ size: "1" });

  await write(client, namespace, "plain", { size: "1" }, {});
  await write(client, namespace, "last", {});
  await example.whenSaid("last-copy: applied");
  expect(await client.get(configMaps, { namespace, name: "plain-copy" }, { signal })).toBeUndefined();
});

/** An empty project that has installed what `npm pack` makes of the two packages, and the example in a file. */
async function makeProject(folder: string): Promise<void> {
  const packages = ["packages/primitives", "packages/kube"];
  await runFile(process.execPath, [binary("typescript", "bin/tsc"), "-b", ...packages], { cwd: root });
  const packed = join(folder, "packed");
  mkdirSync(packed);
  const workspaces = packages.flatMap((each) => ["--workspace", each]);
  await npm(root, ["pack", "--pack-destination", packed, ...workspaces]);
  const tarballs = readdirSync(packed).map((name) => join(packed, name));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await npm(folder, ["install", "--prefer-offline", "--no-audit", "--no-fund", ...tarballs]);
  writeFileSync(
    join(folder, "mirror.ts"),
    exampleIn(readFileSync(join(root, "packages/kube/README.md"), "utf8")),
  );
}

/** This very Node comes first: npm itself may have been started by an older one. */
function npm(cwd: string, parameters: readonly string[]): Promise<{ readonly stdout: string }> {
  const path = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  return runFile("npm", parameters, { cwd, env: { ...process.env, PATH: path } });
}

function binary(name: string, path: string): string {
  return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), path);
}

/** The first TypeScript text of a Markdown file. */
function exampleIn(markdown: string): string {
  const [, example] = /```ts\n(.*?)```/s.exec(markdown) ?? [];
  if (example === undefined) throw new Error("the README has no example");
  return example;
}

/** Runs it as the README says; whatever it complains about fails the wait. */
function startExample(kubeconfigPath: string) {
  const child = spawn(process.execPath, ["mirror.ts", kubeconfigPath], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"] },
  });
  let said = "";
  let look = (): void => undefined;
  const hear = (data: unknown): void => {
    said += String(data);
    look();
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    /** Resolves when it has said that line so often. */
    whenSaid: (line: string, times = 1): Promise<void> =>
      new Promise((resolve, reject) => {
        look = () => {
          if (said.split("\n").filter((each) => each === line).length >= times) resolve();
        };
        void ended.then(() => reject(new Error(`it ended before it said "${line}":\n${said}`)));
        look();
      }),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function write(
  client: KubeClient,
  namespace: string,
  name: string,
  data: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>> = { mirror: "yes" },
): Promise<void> {
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace, name, labels }, data };
  await client.apply(configMaps, object, { fieldManager: "user", signal });
}

async function dataOf(client: KubeClient, namespace: string, name: string): Promise<unknown> {
  const object = await client.get(configMaps, { namespace, name }, { signal });
  return isRecord(object) ? object["data"] : undefined;
}
