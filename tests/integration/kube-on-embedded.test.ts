/**
 * The Kubernetes client and controller runtime against whole API servers: the embedded one and, where
 * LMOS_TEST_KUBECONFIG names its kubeconfig file, a real kube-apiserver. Each case works in a namespace of its own.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startApiServer } from "@lmos/apiserver";
import {
  applyIfChanged,
  createController,
  createEventRecorder,
  createKubeClient,
  createReflector,
  fromStore,
  type KubeClient,
  type KubeConnection,
  type KubeObject,
  keyOf,
  loadConnection,
  type ResourceType,
  requeueOnChange,
  type Store,
} from "@lmos/kube";
import { isRecord, silentLogger, systemClock, systemIds, systemRandom } from "@lmos/primitives";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>> | undefined;
}

interface Deployment extends KubeObject {
  readonly spec?: { readonly replicas?: number; readonly template?: unknown };
}

/** A type that keeps all members of its objects. */
function typeOf<T extends KubeObject>(group: string, kind: string, plural: string): ResourceType<T> {
  const isObject = (value: unknown): value is T => isRecord(value) && isRecord(value["metadata"]);
  const parse = (value: unknown): T => {
    if (isObject(value)) return value;
    throw new Error(`not a ${kind}`);
  };
  return { group, version: "v1", kind, plural, namespaced: kind !== "Namespace", parse };
}

const configMaps = typeOf<ConfigMap>("", "ConfigMap", "configmaps");
const deployments = typeOf<Deployment>("apps", "Deployment", "deployments");
const namespaces = typeOf("", "Namespace", "namespaces");
const events = typeOf<KubeObject & { readonly series?: { readonly count: number } }>(
  "events.k8s.io",
  "Event",
  "events",
);

const { signal } = new AbortController();
const runtime = { clock: systemClock, random: systemRandom, logger: silentLogger };

interface TestServer extends AsyncDisposable {
  readonly connection: KubeConnection;
}

async function startEmbedded(): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), "kube-on-embedded-"));
  const server = await startApiServer({ directory, port: 0, ids: systemIds, signal, ...runtime });
  return {
    connection: {
      server: server.url,
      namespace: "default",
      credentials: async () => ({
        headers: { authorization: `Bearer ${server.token}` },
        certificateAuthority: server.certificateAuthority,
      }),
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    },
  };
}

async function connectReal(kubeconfigPath: string): Promise<TestServer> {
  return { connection: loadConnection({ kubeconfigPath }), [Symbol.asyncDispose]: async () => undefined };
}

const realKubeconfig = process.env["LMOS_TEST_KUBECONFIG"];
const servers = [
  { name: "the embedded API server", start: startEmbedded },
  ...(realKubeconfig === undefined
    ? []
    : [{ name: "a real kube-apiserver", start: () => connectReal(realKubeconfig) }]),
];

/** Resolves with the first answer of `read` that is not undefined, read after each change of the store. */
function eventually<T extends KubeObject, R>(store: Store<T>, read: () => R | undefined): Promise<R> {
  const { promise, resolve } = Promise.withResolvers<R>();
  const look = (): void => {
    const result = read();
    if (result !== undefined) resolve(result);
  };
  const unsubscribe = store.subscribe(look);
  look();
  return promise.finally(unsubscribe);
}

/** A mirror of the objects of one namespace, for as long as it is not disposed. */
async function mirror<T extends KubeObject>(client: KubeClient, type: ResourceType<T>, namespace: string) {
  const stop = new AbortController();
  const reflector = createReflector({ client, type, namespace, ...runtime });
  const running = reflector.run({ signal: stop.signal });
  await reflector.store.whenSynced({ signal });
  return {
    store: reflector.store,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
}

function configMap(namespace: string, name: string, data: Readonly<Record<string, string>>): ConfigMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data };
}

function deployment(
  namespace: string,
  containers: readonly object[],
): KubeObject & { readonly spec: object } {
  const labels = { app: "web" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace, labels },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  };
}

describe.each(servers)("on $name", ({ start }) => {
  let server: TestServer;
  let client: KubeClient;
  let namespace = "";

  beforeAll(async () => {
    server = await start();
    client = createKubeClient({ connection: server.connection, clock: systemClock, userAgent: "test" });
    namespace = `kube-${systemIds.next()}`;
    const object = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
    await client.create(namespaces, object, { signal });
  });

  afterAll(async () => {
    await client.delete(namespaces, { name: namespace }, { signal });
    await client[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  it("creates, reads, replaces, patches and deletes", async () => {
    const key = { namespace, name: "verbs" };
    const created = await client.create(configMaps, configMap(namespace, "verbs", { a: "1" }), { signal });
    expect(await client.get(configMaps, key, { signal })).toEqual(created);
    const replaced = await client.replace(configMaps, { ...created, data: { b: "ü" } }, { signal });
    expect(replaced.data).toEqual({ b: "ü" });
    const merged = await client.patch(
      configMaps,
      key,
      { kind: "merge", body: { data: { c: "3" } } },
      { signal },
    );
    expect(merged.data).toEqual({ b: "ü", c: "3" });
    const body = [{ op: "remove", path: "/data/b" }];
    const patched = await client.patch(configMaps, key, { kind: "json", body }, { signal });
    expect(patched.data).toEqual({ c: "3" });
    expect(await client.delete(configMaps, key, { signal })).toBe("deleted");
    expect(await client.delete(configMaps, key, { signal })).toBe("absent");
    expect(await client.get(configMaps, key, { signal })).toBeUndefined();
  });

  it("tells its failures apart", async () => {
    const object = configMap(namespace, "failures", {});
    const created = await client.create(configMaps, object, { signal });
    await expect(client.create(configMaps, object, { signal })).rejects.toMatchObject({
      code: "AlreadyExists",
    });
    await client.replace(configMaps, { ...created, data: { a: "1" } }, { signal });
    const stale = client.replace(configMaps, { ...created, data: { a: "2" } }, { signal });
    await expect(stale).rejects.toMatchObject({ code: "Conflict", details: { status: 409 } });
    const unknown = client.list(typeOf("no.such.group", "Thing", "things"), { signal });
    await expect(unknown).rejects.toMatchObject({ code: "NotFound" });
    const other = client.delete(configMaps, keyOf(object), { uid: "another", signal });
    await expect(other).rejects.toMatchObject({ code: "Conflict" });
    const invalid = client.create(configMaps, configMap(namespace, "Not A Name", {}), { signal });
    await expect(invalid).rejects.toMatchObject({ code: "Invalid" });
  });

  it("writes nothing in a dry run", async () => {
    const object = configMap(namespace, "dry", {});
    await client.create(configMaps, object, { dryRun: true, signal });
    expect(await client.get(configMaps, keyOf(object), { signal })).toBeUndefined();
  });

  it("applies only its own fields, and asks for force where another manager owns one", async () => {
    const object = configMap(namespace, "owners", { a: "1" });
    await client.apply(configMaps, object, { fieldManager: "one", signal });
    const two = { fieldManager: "two", signal };
    const both = await client.apply(configMaps, configMap(namespace, "owners", { b: "2" }), two);
    expect(both.data).toEqual({ a: "1", b: "2" });
    const taking = { ...object, data: { a: "2", b: "2" } };
    await expect(client.apply(configMaps, taking, two)).rejects.toMatchObject({ code: "Conflict" });
    expect((await client.apply(configMaps, taking, { ...two, force: true })).data).toEqual({
      a: "2",
      b: "2",
    });
  });

  it.each([
    { name: "DEL and C1 controls", text: "a\u007fb\u0085c\u0096d" },
    { name: "line and paragraph separators", text: "a\u2028b\u2029c" },
    { name: "byte order marks and what is no character", text: "\ufeffa\ufffeb\uffff" },
    { name: "line feeds, tabs and quotes", text: 'a\n\tb\r"c" \\d' },
    { name: "letters of others", text: "Grüße 世界 😀 e\u0301 \u202eevil" },
  ])("applies a text with $name as it is, and has nothing to write the second time", async ({ text }) => {
    const object = configMap(namespace, "texts", { text });
    const options = { fieldManager: "one", force: true, signal };
    const written = await client.apply(configMaps, object, options);
    expect(written.data).toEqual({ text });
    expect(await applyIfChanged(client, configMaps, written, object, options)).toBe("unchanged");
  });

  it("applies half a character as the server keeps it", async () => {
    const object = configMap(namespace, "halves", { text: "a\ud83d" });
    const written = await client.apply(configMaps, object, { fieldManager: "one", force: true, signal });
    expect(written.data).toEqual({ text: "a\ufffd" });
  });

  it("lists page by page", async () => {
    for (const name of ["page-a", "page-b", "page-c"]) {
      const object = configMap(namespace, name, {});
      const labelled = { ...object, metadata: { ...object.metadata, labels: { list: "paged" } } };
      await client.create(configMaps, labelled, { signal });
    }
    const query = { namespace, labelSelector: "list=paged", limit: 2, signal };
    const first = await client.list(configMaps, query);
    const second = await client.list(configMaps, { ...query, continueToken: first.continueToken });
    expect(second.continueToken).toBeUndefined();
    const items = [...first.items, ...second.items];
    expect(items.map((item) => item.metadata.name)).toEqual(["page-a", "page-b", "page-c"]);
    expect(items[0]).toMatchObject({ apiVersion: "v1", kind: "ConfigMap" });
  });

  it("watches from a version on, to the end that the server sets", async () => {
    const { resourceVersion } = await client.list(configMaps, { namespace, limit: 1, signal });
    const created = await client.create(configMaps, configMap(namespace, "watched", { a: "1" }), { signal });
    await client.delete(configMaps, keyOf(created), { signal });
    const watch = client.watch(configMaps, { namespace, resourceVersion, timeoutSeconds: 1, signal });
    const kinds: string[] = [];
    for await (const event of watch) {
      if (event.kind === "added" || event.kind === "deleted") {
        if (event.object.metadata.name === "watched") kinds.push(event.kind);
      }
    }
    expect(kinds).toEqual(["added", "deleted"]);
  });

  it("keeps a store equal to the server, with deletions and re-creations told apart", async () => {
    const name = "mirrored";
    await using mirrored = await mirror(client, configMaps, namespace);
    const { store } = mirrored;
    const present = (): ConfigMap | undefined => store.get({ namespace, name });
    const object = configMap(namespace, name, { a: "1" });
    const first = await client.create(configMaps, object, { signal });
    await eventually(store, () => present());
    const told: string[] = [];
    store.subscribe(({ before, after }) => {
      if ((after ?? before)?.metadata.name === name) told.push(after?.metadata.uid ?? "gone");
    });
    await client.delete(configMaps, keyOf(object), { signal });
    const second = await client.create(configMaps, { ...object, data: { a: "2" } }, { signal });
    await eventually(store, () => (present()?.data?.["a"] === "2" ? true : undefined));
    expect(told).toEqual(["gone", second.metadata.uid]);
    expect(first.metadata.uid).not.toBe(second.metadata.uid);
    expect(present()).toEqual(second);
  });

  it("applies if something changed, also when a field is no longer wanted, and otherwise asks nothing", async () => {
    const options = { fieldManager: "test-operator", signal };
    const container = {
      name: "main",
      image: "main:1",
      ports: [{ containerPort: 8080 }],
      env: [{ name: "A", value: "1" }],
    };
    const sidecar = { name: "side", image: "side:1" };
    const steps = [
      { desired: deployment(namespace, [container, sidecar]), result: "applied" },
      { desired: deployment(namespace, [container, sidecar]), result: "unchanged" },
      { desired: deployment(namespace, [{ ...container, image: "main:2" }, sidecar]), result: "applied" },
      {
        desired: deployment(namespace, [{ ...container, image: "main:2", env: [] }, sidecar]),
        result: "applied",
      },
      { desired: deployment(namespace, [container]), result: "applied" },
      { desired: deployment(namespace, [container]), result: "unchanged" },
    ];
    for (const { desired, result } of steps) {
      const { items } = await client.list(deployments, { namespace, signal });
      expect(await applyIfChanged(client, deployments, items[0], desired, options)).toBe(result);
    }
    const live = await client.get(deployments, { namespace, name: "web" }, { signal });
    expect(live?.spec?.template).toMatchObject({ spec: { containers: [{ name: "main" }] } });
  });

  it("writes a status only where it changed", async () => {
    const options = { fieldManager: "test-operator-status", subresource: "status", signal } as const;
    const desired = {
      ...deployment(namespace, []),
      spec: undefined,
      status: {
        observedGeneration: 1,
        conditions: [{ type: "Available", status: "True", reason: "R", message: "m" }],
      },
    };
    const name = { namespace, name: "web" };
    const live = await client.get(deployments, name, { signal });
    expect(await applyIfChanged(client, deployments, live, desired, options)).toBe("applied");
    const after = await client.get(deployments, name, { signal });
    expect(after).toMatchObject({ status: { observedGeneration: 1 } });
    expect(await applyIfChanged(client, deployments, after, desired, options)).toBe("unchanged");
  });

  it("runs a controller that brings each object in line, and nothing more once it is", async () => {
    const stop = new AbortController();
    await using mirrored = await mirror(client, configMaps, namespace);
    const { store } = mirrored;
    let applied = 0;
    const controller = createController({
      name: "copier",
      sources: [
        fromStore(store, (object) => (object.metadata.name.startsWith("source-") ? [keyOf(object)] : [])),
      ],
      synced: [store],
      reconcile: async (key, options) => {
        const source = store.get(key);
        if (source === undefined) return requeueOnChange;
        const target = configMap(namespace, key.name.replace("source", "target"), source.data ?? {});
        const live = store.get(keyOf(target));
        const settings = { fieldManager: "copier", ...options };
        if ((await applyIfChanged(client, configMaps, live, target, settings)) === "applied") applied += 1;
        return requeueOnChange;
      },
      ...runtime,
    });
    const running = controller.run({ signal: stop.signal });
    const target = (): ConfigMap | undefined => store.get({ namespace, name: "target-a" });
    await client.create(configMaps, configMap(namespace, "source-a", { x: "1" }), { signal });
    await eventually(store, () => (target()?.data?.["x"] === "1" ? true : undefined));
    const patch = { kind: "merge", body: { data: { x: "2" } } } as const;
    await client.patch(configMaps, { namespace, name: "source-a" }, patch, { signal });
    await eventually(store, () => (target()?.data?.["x"] === "2" ? true : undefined));
    const labels = { kind: "merge", body: { metadata: { labels: { touched: "yes" } } } } as const;
    await client.patch(configMaps, { namespace, name: "source-a" }, labels, { signal });
    await eventually(store, () => store.get({ namespace, name: "source-a" })?.metadata.labels?.["touched"]);
    stop.abort();
    await running;
    expect(applied).toBe(2);
  });

  it("records events as a series", async () => {
    const regarding = await client.create(configMaps, configMap(namespace, "eventful", {}), { signal });
    const options = { client, component: "test-operator", instance: "test-0", ids: systemIds, ...runtime };
    const recorder = createEventRecorder(options);
    const event = { regarding, type: "Normal", reason: "Tested", action: "Test", note: "it works" } as const;
    for (let times = 0; times < 3; times++) recorder.record(event);
    await recorder[Symbol.asyncDispose]();
    const { items } = await client.list(events, { namespace, signal });
    const mine = items.filter((item) => item.metadata.name.startsWith("eventful."));
    expect(mine).toMatchObject([{ note: "it works", series: { count: 3 } }]);
  });
});
