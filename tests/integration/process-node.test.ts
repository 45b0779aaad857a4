/**
 * The process node with real processes against whole API servers: the embedded one and, where LMOS_TEST_KUBECONFIG
 * names its kubeconfig file, a real kube-apiserver whose kube-controller-manager, if it has one, runs with
 * `--controllers=*,-deployment-controller,-replicaset-controller`. Each case works in a namespace of its own.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startApiServer } from "@lmos/apiserver";
import { createKubeClient, type KubeClient, type KubeObject, loadConnection } from "@lmos/kube";
import {
  applyObjects,
  type Custody,
  createMachineTable,
  type ProcessNode,
  readLogs,
  startProcessNode,
  takeCustody,
} from "@lmos/local";
import { isRecord, silentLogger, systemClock, systemIds, systemRandom } from "@lmos/primitives";
import { deploymentKind, localEndpointsOf, serviceKind } from "@lmos/resources";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const { signal } = new AbortController();
const machine = { clock: systemClock, random: systemRandom, ids: systemIds, logger: silentLogger };
const realKubeconfig = process.env["LMOS_TEST_KUBECONFIG"];
const servers = ["embedded", ...(realKubeconfig === undefined ? [] : ["real"])];

/** Says who it is, is ready, and crashes when it is told to. */
const program = `
  const { createServer } = require("node:http");
  const server = createServer((request, response) => {
    if (request.url === "/crash") process.exit(3);
    response.end(process.env.GREETING + " " + process.pid);
  });
  server.listen(Number(process.env.PORT), process.env.HOST, () => console.log("listening"));
`;

/** An object with all of its members. */
function whole(value: unknown): KubeObject {
  if (isKubeObject(value)) return value;
  throw new Error("not an object");
}

function isKubeObject(value: unknown): value is KubeObject {
  return isRecord(value) && isRecord(value["metadata"]);
}

const namespaceKind = {
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  namespaced: false,
  parse: whole,
};

/** A server, and a process node on it. */
class World implements AsyncDisposable {
  readonly directory: string;
  readonly client: KubeClient;
  readonly node: ProcessNode;
  /** Those that cases have made. */
  readonly namespaces: string[] = [];
  readonly #custody: Custody;
  readonly #server: AsyncDisposable | undefined;

  private constructor(
    parts: Pick<World, "directory" | "client" | "node"> & { custody: Custody; server?: AsyncDisposable },
  ) {
    this.directory = parts.directory;
    this.client = parts.client;
    this.node = parts.node;
    this.#custody = parts.custody;
    this.#server = parts.server;
  }

  static async start(kind: string): Promise<World> {
    const directory = await mkdtemp(join(tmpdir(), "process-node-"));
    await writeFile(join(directory, "program.cjs"), program);
    const { kubeconfigPath, server } = await World.#connect(kind, directory);
    const client = createKubeClient({
      connection: loadConnection({ kubeconfigPath }),
      userAgent: "test",
      ...machine,
    });
    const custody = await takeCustody({ directory, signal, ...machine });
    const table = createMachineTable({
      ...machine,
      directory,
      baseFolder: directory,
      baseEnvironment: process.env,
      extraEnvironment: { GREETING: "hello" },
      custodian: custody,
    });
    const node = startProcessNode({ ...machine, client, table });
    return new World({ directory, client, node, custody, ...(server === undefined ? {} : { server }) });
  }

  static async #connect(
    kind: string,
    directory: string,
  ): Promise<{ kubeconfigPath: string; server?: AsyncDisposable }> {
    if (kind === "real" && realKubeconfig !== undefined) return { kubeconfigPath: realKubeconfig };
    const server = await startApiServer({
      directory: join(directory, "apiserver"),
      port: 0,
      signal,
      ...machine,
    });
    const kubeconfigPath = join(directory, "kubeconfig");
    await writeFile(kubeconfigPath, server.kubeconfig);
    return { kubeconfigPath, server };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of this.namespaces) await this.client.delete(namespaceKind, { name }, { signal });
    await this.node[Symbol.asyncDispose]();
    await this.#custody[Symbol.asyncDispose]();
    await this.client[Symbol.asyncDispose]();
    await this.#server?.[Symbol.asyncDispose]();
    await rm(this.directory, { recursive: true });
  }
}

interface Texts {
  readonly replicas?: number;
  readonly command?: string;
  readonly greeting?: string;
}

/** One Deployment and its Service in a namespace of their own. */
class Case {
  readonly #world: World;
  readonly #namespace: string;

  private constructor(world: World, namespace: string) {
    this.#world = world;
    this.#namespace = namespace;
  }

  static async apply(world: World, texts: Texts = {}): Promise<Case> {
    const it = new Case(world, `process-node-${systemIds.next().slice(0, 8)}`);
    world.namespaces.push(it.#namespace);
    await applyObjects(
      world.client,
      [{ apiVersion: "v1", kind: "Namespace", metadata: { name: it.#namespace } }, it.#service()],
      { signal },
    );
    await it.apply(texts);
    return it;
  }

  async apply(texts: Texts): Promise<void> {
    await applyObjects(this.#world.client, [this.#deployment(texts)], { signal });
  }

  /** Desired, updated and ready replicas once the newest generation was seen; then the same as text. */
  async counts(): Promise<string> {
    const deployment = await this.#world.client.get(deploymentKind, this.#key, { signal });
    const { status } = deployment ?? {};
    if (status?.observedGeneration !== deployment?.metadata.generation) return "not observed";
    return `${status?.replicas} ${status?.updatedReplicas} ${status?.readyReplicas}`;
  }

  async condition(type: string): Promise<string | undefined> {
    const deployment = await this.#world.client.get({ ...deploymentKind, parse: whole }, this.#key, {
      signal,
    });
    const status = deployment !== undefined && "status" in deployment ? deployment.status : undefined;
    const conditions = isRecord(status) && Array.isArray(status["conditions"]) ? status["conditions"] : [];
    const found: unknown = conditions.find((condition) => isRecord(condition) && condition["type"] === type);
    return isRecord(found) ? `${found["status"]} ${found["reason"]}` : undefined;
  }

  async ports(): Promise<readonly number[]> {
    const service = await this.#world.client.get(serviceKind, this.#key, { signal });
    return service === undefined ? [] : localEndpointsOf(service).map(({ targetPort }) => targetPort);
  }

  async delete(): Promise<void> {
    await this.#world.client.delete(deploymentKind, this.#key, { signal });
  }

  async log(): Promise<readonly string[]> {
    const { directory } = this.#world;
    const lines = await Array.fromAsync(
      readLogs({ directory, ...this.#key, follow: false, clock: systemClock, signal }),
    );
    return lines.map(({ process, line }) => `${process} ${line}`);
  }

  processes(): number {
    return this.#world.node.processes().filter(({ deployment }) => deployment.namespace === this.#namespace)
      .length;
  }

  get #key() {
    return { namespace: this.#namespace, name: "hello" };
  }

  #service(): object {
    const spec = { selector: { app: "hello" }, ports: [{ name: "http", port: 80, targetPort: "http" }] };
    return { apiVersion: "v1", kind: "Service", metadata: this.#key, spec };
  }

  #deployment({ command = "node program.cjs", greeting = "hello", replicas = 1 }: Texts): object {
    const container = {
      name: "main",
      image: "example.org/hello",
      env: [{ name: "GREETING", value: greeting }],
      ports: [{ name: "http", containerPort: 8080 }],
      readinessProbe: { httpGet: { path: "/health", port: "http" } },
    };
    const metadata = { labels: { app: "hello" }, annotations: { "lmos.dev/command": command } };
    return {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: this.#key,
      spec: {
        replicas,
        selector: { matchLabels: { app: "hello" } },
        template: { metadata, spec: { containers: [container] } },
      },
    };
  }
}

async function ask(port: number | undefined, path = "/"): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: "close" } });
  return response.text();
}

const eventually = { timeout: 15_000, interval: 50 };

describe.each(servers)("a process node on the %s API server", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(kind);
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  test("runs a Deployment's replicas and publishes where they listen", async () => {
    const it = await Case.apply(world, { replicas: 2 });
    await expect.poll(() => it.counts(), eventually).toBe("2 2 2");
    expect(await it.condition("Available")).toBe("True MinimumReplicasAvailable");
    expect(await it.condition("Progressing")).toBe("True NewReplicaSetAvailable");
    await expect.poll(() => it.ports(), eventually).toHaveLength(2);
    for (const port of await it.ports()) expect(await ask(port)).toMatch(/^hello \d+$/);
    await expect.poll(() => it.log(), eventually).toEqual(["hello-0 listening", "hello-1 listening"]);
  });

  test("restarts what crashes, and offers it only while it is ready", async () => {
    const it = await Case.apply(world);
    await expect.poll(() => it.ports(), eventually).toHaveLength(1);
    const [port] = await it.ports();
    const before = await ask(port);
    await ask(port, "/crash").catch(() => undefined); // it does not answer any more
    await expect.poll(() => it.ports(), { timeout: 5000, interval: 10 }).toEqual([]);
    await expect.poll(() => it.ports(), eventually).toEqual([port]);
    expect(await ask(port)).not.toBe(before);
    await expect.poll(() => it.condition("ReplicaFailure"), eventually).toBe("False NoCrash");
  });

  test("says that a command keeps crashing", async () => {
    const it = await Case.apply(world, { command: "node no-such-program.cjs" });
    await expect.poll(() => it.condition("ReplicaFailure"), eventually).toBe("True CrashLoopBackOff");
    expect(await it.condition("Available")).toBe("False MinimumReplicasUnavailable");
    expect((await it.log()).join("\n")).toContain("Cannot find module");
  });

  test("says that a command cannot be read", async () => {
    const it = await Case.apply(world, { command: "node 'program.cjs" });
    await expect.poll(() => it.condition("Progressing"), eventually).toBe("False InvalidCommand");
    expect(it.processes()).toBe(0);
  });

  test("follows the count up and down", async () => {
    const it = await Case.apply(world);
    await it.apply({ replicas: 3 });
    await expect.poll(() => it.counts(), eventually).toBe("3 3 3");
    await it.apply({ replicas: 0 });
    await expect.poll(() => it.counts(), eventually).toBe("0 0 0");
    await expect.poll(() => it.ports(), eventually).toEqual([]);
    await expect.poll(() => it.processes(), eventually).toBe(0);
  });

  test("rolls to a changed template", async () => {
    const it = await Case.apply(world);
    await expect.poll(() => it.ports(), eventually).toHaveLength(1);
    await it.apply({ greeting: "goodbye" });
    await expect
      .poll(async () => (await ask((await it.ports())[0]).catch(() => "")).split(" ")[0], eventually)
      .toBe("goodbye");
    await expect.poll(() => it.counts(), eventually).toBe("1 1 1");
  });

  test("keeps the old process while the new template does not become ready", async () => {
    const it = await Case.apply(world);
    await expect.poll(() => it.counts(), eventually).toBe("1 1 1");
    await it.apply({ command: "node no-such-program.cjs" });
    await expect.poll(() => it.condition("ReplicaFailure"), eventually).toBe("True CrashLoopBackOff");
    expect(await it.counts()).toBe("2 1 1");
    expect(await ask((await it.ports())[0])).toMatch(/^hello/);
  });

  test("stops what is deleted", async () => {
    const it = await Case.apply(world, { replicas: 2 });
    await expect.poll(() => it.ports(), eventually).toHaveLength(2);
    const ports = await it.ports();
    await it.delete();
    await expect.poll(() => it.ports(), eventually).toEqual([]);
    await expect.poll(() => it.processes(), eventually).toBe(0);
    for (const port of ports) await expect(ask(port)).rejects.toThrow();
  });

  test("cannot bring back a Service that was deleted while it was looking", async () => {
    const metadata = { namespace: "default", name: "gone", uid: "4e1ab7a4-8d5c-4a31-9c6d-0c2a8ad6a5d1" };
    const service = { apiVersion: "v1", kind: "Service", metadata };
    const applying = world.client.apply(serviceKind, service, { fieldManager: "test", force: true, signal });
    await expect(applying).rejects.toMatchObject({
      code: expect.stringMatching(/^(Conflict|NotFound)$/),
    });
    expect(await world.client.get(serviceKind, metadata, { signal })).toBeUndefined();
  });
});
