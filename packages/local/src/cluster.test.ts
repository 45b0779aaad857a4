import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startApiServer } from "@lmos/apiserver";
import { createKubeClient, loadConnection } from "@lmos/kube";
import { silentLogger, systemClock, systemIds, systemRandom } from "@lmos/primitives";
import {
  agentKind,
  customKinds,
  customResourceDefinition,
  type Deployment,
  deploymentKind,
} from "@lmos/resources";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { applyObjects } from "./apply-objects.ts";
import { type Cluster, type ClusterOptions, startCluster } from "./cluster.ts";
import { identityOf } from "./guard/process-identity.ts";

const { signal } = new AbortController();
const key = { namespace: "default", name: "hello" };
const eventually = { timeout: 15_000, interval: 50 };
let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lmos-cluster-"));
  const program =
    "require('http').createServer((_, r) => r.end(process.env.KUBECONFIG)).listen(process.env.PORT, process.env.HOST)";
  writeFileSync(join(directory, "program.cjs"), program);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const hello = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: key,
  spec: {
    selector: { matchLabels: { app: "hello" } },
    template: {
      metadata: { labels: { app: "hello" }, annotations: { "lmos.dev/command": "node program.cjs" } },
      spec: { containers: [{ name: "main", image: "hello" }] },
    },
  },
};

function start(overrides: Partial<ClusterOptions> = {}): Promise<Cluster> {
  return startCluster({
    ...{ directory, baseFolder: directory, port: 0, crds: [], system: [], signal },
    baseEnvironment: process.env,
    extraEnvironment: {},
    ...{ clock: systemClock, random: systemRandom, ids: systemIds, logger: silentLogger },
    ...overrides,
  });
}

const readyReplicas = async ({ client }: Cluster): Promise<number | undefined> =>
  (await client.get(deploymentKind, key, { signal }))?.status?.readyReplicas;

function pidsOf(cluster: Cluster): readonly number[] {
  return cluster.processes().flatMap(({ state }) => (state.kind === "running" ? [state.pid] : []));
}

/** What the API server alone says of the Deployment. */
async function statusAfterwards(): Promise<Deployment["status"]> {
  const machine = { clock: systemClock, random: systemRandom, ids: systemIds, logger: silentLogger };
  await using server = await startApiServer({
    directory: join(directory, "apiserver"),
    port: 0,
    signal,
    ...machine,
  });
  const kubeconfigPath = join(directory, "kubeconfig");
  writeFileSync(kubeconfigPath, server.kubeconfig);
  const connection = loadConnection({ kubeconfigPath });
  await using client = createKubeClient({ connection, userAgent: "test", ...machine });
  return (await client.get(deploymentKind, key, { signal }))?.status;
}

describe("a cluster", () => {
  test("serves its custom kinds, runs what it is given and hands the kubeconfig to it", async () => {
    await using cluster = await start({ crds: customKinds.map(customResourceDefinition), system: [hello] });
    expect(await cluster.client.list(agentKind, { signal })).toMatchObject({ items: [] });
    await expect.poll(() => readyReplicas(cluster), eventually).toBe(1);
    const [process] = cluster.processes();
    const answer = await fetch(`http://127.0.0.1:${process?.port}/`, { headers: { connection: "close" } });
    expect(await answer.text()).toBe(cluster.kubeconfigPath);
    expect(readFileSync(cluster.kubeconfigPath, "utf8")).toContain(cluster.url);
    expect(statSync(cluster.kubeconfigPath).mode & 0o777).toBe(0o600);
  });

  test("stops its processes and keeps its objects, and the next one starts them again", async () => {
    const first = await start({ system: [hello] });
    await expect.poll(() => readyReplicas(first), eventually).toBe(1);
    const pids = pidsOf(first);
    await first[Symbol.asyncDispose]();
    expect(pids.map(identityOf)).toEqual([undefined]);

    expect(await statusAfterwards()).toMatchObject({ replicas: 0, readyReplicas: 0 });
    await using second = await start();
    await expect.poll(() => readyReplicas(second), eventually).toBe(1);
    expect(pidsOf(second)).not.toEqual(pids);
  });

  test("says so when it uses another port than the one that it was to use", async () => {
    const blocker = createServer().listen(0, "127.0.0.1");
    await once(blocker, "listening");
    const address = blocker.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await using cluster = await start({ port });
    expect(cluster.portReplaced).toBe(true);
    expect(cluster.url).not.toContain(`:${port}`);
    blocker.close();
  });

  test("has its directory for itself", async () => {
    await using _cluster = await start();
    await expect(start()).rejects.toMatchObject({ code: "AlreadyRunning" });
  });

  test("gives its directory back when it cannot start", async () => {
    const unknown = { apiVersion: "no/v1", kind: "Such", metadata: { name: "x" } };
    await expect(start({ system: [unknown] })).rejects.toMatchObject({ code: "UnknownKind" });
    await using cluster = await start();
    expect(cluster.portReplaced).toBe(false);
  });
});

describe("the parent of a cluster", () => {
  test("may be killed: its processes end, and the next cluster finds all objects", async () => {
    const script = fileURLToPath(new URL("./testing/cluster-program.ts", import.meta.url));
    const argv = ["--conditions=@lmos/source", script, directory, directory];
    const parent = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
    await once(parent.stdout, "data");
    const pids = await runInKilledCluster();
    parent.kill("SIGKILL");
    await expect.poll(() => pids.map(identityOf), eventually).toEqual([undefined]);
    await using cluster = await start();
    await expect.poll(() => readyReplicas(cluster), eventually).toBe(1);
  });

  /** Applies a Deployment to the cluster of the other process and resolves with the pids that it then runs. */
  async function runInKilledCluster(): Promise<readonly number[]> {
    const connection = loadConnection({ kubeconfigPath: join(directory, "kubeconfig") });
    await using client = createKubeClient({ connection, clock: systemClock, userAgent: "test" });
    await applyObjects(client, [hello], { signal });
    const ready = async () => (await client.get(deploymentKind, key, { signal }))?.status?.readyReplicas;
    await expect.poll(ready, eventually).toBe(1);
    const record: { groups: { pid: number }[] } = JSON.parse(
      readFileSync(join(directory, "processes.json"), "utf8"),
    );
    return record.groups.map(({ pid }) => pid);
  }
});
