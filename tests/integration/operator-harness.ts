/**
 * An operator on an embedded API server or the real one, and agents for it to find, which are processes of their own. The test plays the Deployment
 * controller and writes the Deployments' status.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startApiServer } from "@lmos/apiserver";
import {
  createKubeClient,
  type KubeClient,
  type KubeObject,
  loadConnection,
  type ObjectKey,
  type ResourceType,
} from "@lmos/kube";
import { type Operator, type OperatorOptions, startOperator } from "@lmos/operator";
import { silentLogger, systemClock, systemIds, systemRandom } from "@lmos/primitives";
import { deploymentKind, formatLocalEndpoints, localEndpointsAnnotation, serviceKind } from "@lmos/resources";
import { z } from "zod";
import { type DescribedAgent, startDescribedAgent } from "../operator/agents/described-agent.ts";
import { applyDefinitions, looseKind } from "../operator/harness/definitions.ts";

const machine = { clock: systemClock, random: systemRandom, ids: systemIds, logger: silentLogger };
const { signal } = new AbortController();

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional(), uid: z.string().optional() }),
});

/** The kind of the operator's events. */
export const eventKind = {
  ...looseKind("events.k8s.io", "Event", "events"),
  parse: (value: unknown) =>
    objectSchema
      .extend({ reason: z.string(), note: z.string(), regarding: z.looseObject({ name: z.string() }) })
      .parse(value),
};

/** A server with our kinds applied, and a client of it that counts what is written. */
export interface Cluster extends AsyncDisposable {
  readonly client: KubeClient;
  /** How many writes went through {@link Cluster.operatorClient}. */
  readonly writes: () => number;
  readonly operatorClient: KubeClient;
  startOperator(options?: Pick<OperatorOptions, "grants">): Promise<Operator>;
  apply(object: KubeObject): Promise<void>;
  delete(type: ResourceType, key: ObjectKey): Promise<void>;
  events(name: string): Promise<readonly string[]>;
}

/** The real server, where the tests are to run on that: `npm run test:operator` sets both. */
const realKubeconfig =
  process.env["LMOS_TEST_SERVER"] === "real" ? process.env["LMOS_TEST_KUBECONFIG"] : undefined;
/** Milliseconds that something may take: the garbage collector of the real one needs half a minute for a new kind. */
export const patienceMs = realKubeconfig === undefined ? 15_000 : 60_000;

/** An embedded server in a folder of its own; its kubeconfig. */
async function startEmbedded(stack: AsyncDisposableStack): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "lmos-operator-"));
  stack.defer(() => rm(directory, { recursive: true }));
  const server = stack.use(await startApiServer({ ...machine, directory, port: 0, signal }));
  const kubeconfigPath = join(directory, "kubeconfig");
  await writeFile(kubeconfigPath, server.kubeconfig);
  return kubeconfigPath;
}

/** Starts an embedded server, or takes the real one. */
export async function startCluster(): Promise<Cluster> {
  await using stack = new AsyncDisposableStack();
  const kubeconfigPath = realKubeconfig ?? (await startEmbedded(stack));
  const connection = loadConnection({ kubeconfigPath });
  const client = stack.use(createKubeClient({ connection, clock: systemClock, userAgent: "test" }));
  const counting = countWrites(client);
  await applyDefinitions(client);
  const owned = stack.move();
  return {
    client,
    writes: counting.writes,
    operatorClient: counting.client,
    startOperator: (options = {}) =>
      startOperator({
        ...machine,
        ...options,
        client: counting.client,
        local: true,
        // The real one is shared with other suites, which have operators in namespaces of their own.
        ...(realKubeconfig === undefined ? {} : { namespaces: ["default"] }),
        listen: { host: "127.0.0.1", port: 0 },
        management: { host: "127.0.0.1", port: 0 },
        signal,
      }),
    apply: (object) => applyObject(client, object),
    delete: async (type, key) => void (await client.delete(type, key, { signal })),
    events: (name) => eventsOf(client, name),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const plurals: Readonly<Record<string, readonly [group: string, plural: string]>> = {
  Agent: ["lmos.eclipse", "agents"],
  Channel: ["lmos.eclipse", "channels"],
  ChannelRouting: ["lmos.eclipse", "channelroutings"],
  Deployment: ["apps", "deployments"],
  Service: ["", "services"],
};

async function applyObject(client: KubeClient, object: KubeObject): Promise<void> {
  const [group, plural] = plurals[object.kind] ?? ["", ""];
  await client.apply(looseKind(group, object.kind, plural), object, {
    fieldManager: "test",
    force: true,
    signal,
  });
}

async function eventsOf(client: KubeClient, name: string): Promise<readonly string[]> {
  const { items } = await client.list(eventKind, { namespace: "default", signal });
  return items.filter(({ regarding }) => regarding.name === name).map(({ reason }) => reason);
}

/** Events aside: they are not state. */
function countWrites(client: KubeClient): { readonly client: KubeClient; readonly writes: () => number } {
  let writes = 0;
  const counted: KubeClient = {
    get: (type, key, options) => client.get(type, key, options),
    list: (type, options) => client.list(type, options),
    watch: (type, options) => client.watch(type, options),
    create: (type, object, options) => client.create(type, object, options),
    replace: (type, object, options) => client.replace(type, object, options),
    patch: (type, key, patch, options) => client.patch(type, key, patch, options),
    apply: (type, object, options) => {
      writes += 1;
      return client.apply(type, object, options);
    },
    delete: (type, key, options) => client.delete(type, key, options),
    discover: (apiVersion, options) => client.discover(apiVersion, options),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
  return { client: counted, writes: () => writes };
}

/** A capability as agents announce it. */
export function capability(name: string, version: string) {
  return { id: `${name}-id`, name, version, description: `Does ${name}`, examples: [`please ${name}`] };
}

/** An agent that is a process of its own, with a Deployment and a Service that lead to it. */
export interface ServedAgent extends DescribedAgent {
  /** Applies Deployment and Service and says that they are rolled out. */
  deploy(): Promise<void>;
}

/** Starts an agent for every tenant and the channel web. */
export async function serveAgent(
  cluster: Cluster,
  name: string,
  capabilities: readonly ReturnType<typeof capability>[],
): Promise<ServedAgent> {
  const served = await startDescribedAgent({
    id: name,
    description: `Agent ${name}`,
    supportedTenants: [],
    supportedChannels: ["web"],
    capabilities,
  });
  return { ...served, deploy: () => deployAgent(cluster, name, served.port) };
}

/** Applies Deployment and Service of an agent that listens on that port, and says that they are rolled out. */
export async function deployAgent({ client, apply }: Cluster, name: string, port: number): Promise<void> {
  const endpoints = formatLocalEndpoints([{ address: "127.0.0.1", port: 8080, targetPort: port }]);
  const annotations = { [localEndpointsAnnotation]: endpoints };
  await apply(
    workload(serviceKind, name, { annotations }, { selector: { app: name }, ports: [{ port: 8080 }] }),
  );
  const labels = { "lmos-agent": "true" };
  const template = {
    metadata: { labels: { app: name } },
    spec: { containers: [{ name: "agent", image: "none" }] },
  };
  const spec = { replicas: 1, selector: { matchLabels: { app: name } }, template };
  await apply(workload(deploymentKind, name, { labels }, spec));
  await rollOut(client, name);
}

/** Says that a Deployment runs as it is wanted. */
export async function rollOut(client: KubeClient, name: string): Promise<void> {
  const deployment = await client.get(deploymentKind, { namespace: "default", name }, { signal });
  const counts = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
  const body = { status: { ...counts, observedGeneration: deployment?.metadata.generation ?? 1 } };
  await client.patch(
    deploymentKind,
    { namespace: "default", name },
    { kind: "merge", body },
    { subresource: "status", signal },
  );
}

function workload(
  type: { readonly group: string; readonly version: string; readonly kind: string },
  name: string,
  metadata: object,
  spec: object,
): KubeObject & { readonly spec: object } {
  const apiVersion = type.group === "" ? type.version : `${type.group}/${type.version}`;
  return { apiVersion, kind: type.kind, metadata: { ...metadata, name, namespace: "default" }, spec };
}

/** A Channel of acme for the channel web that requires `name@range`. */
export function channel(name: string, requirements: readonly string[], labels: Record<string, string> = {}) {
  return {
    apiVersion: "lmos.eclipse/v1",
    kind: "Channel",
    metadata: {
      name,
      namespace: "default",
      labels: { tenant: "acme", channel: "web", subset: "stable", version: "1.0.0", ...labels },
    },
    spec: {
      requiredCapabilities: requirements.map((text) => {
        const at = text.indexOf("@");
        return { name: text.slice(0, at), version: text.slice(at + 1) };
      }),
    },
  };
}
