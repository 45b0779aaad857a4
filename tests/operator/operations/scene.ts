/** One channel, the agent that it is wired to, and what a test does to them, in a namespace of its own. */
import type { KubeClient, KubeObject, ResourceType } from "@lmos/kube";
import { installDefinitions } from "@lmos/local";
import { systemClock, systemIds } from "@lmos/primitives";
import {
  agentKind,
  type ChannelRouting,
  channelKind,
  channelRoutingKind,
  customKinds,
  customResourceDefinition,
} from "@lmos/resources";
import { eventually, insist } from "../../faults/harness/eventually.ts";
import { looseType } from "../../faults/harness/widgets-world.ts";

const { signal } = new AbortController();
const namespaces = looseType({ group: "", kind: "Namespace", plural: "namespaces", namespaced: false });

/** Lets the server know our kinds. A real one says of a kind that it is established a moment before it serves it. */
export async function installKinds(client: KubeClient): Promise<void> {
  const definitions = customKinds.map((kind) => customResourceDefinition(kind));
  await installDefinitions(client, definitions, { clock: systemClock, signal });
  for (const kind of customKinds) await insist(() => client.list<KubeObject>(kind, { limit: 1, signal }));
}

/** Makes an object, or brings it into this form. */
export async function applyObject(client: KubeClient, type: ResourceType, object: KubeObject): Promise<void> {
  await client.apply(type, object, { fieldManager: "suite", force: true, signal });
}

/** The channel `web` of acme, wired to the agent `billing`. */
export interface Scene {
  readonly namespace: string;
  /** Writes the agent's description, which its routing carries. */
  describeAgent(description: string): Promise<void>;
  routing(): Promise<ChannelRouting | undefined>;
  /** Milliseconds until the routing carries that description. */
  untilRouted(description: string, timeoutMs: number): Promise<number>;
}

/** Makes the scene; nothing is wired before an operator runs. */
export async function makeScene(client: KubeClient, prefix: string): Promise<Scene> {
  const namespace = `${prefix}-${systemIds.next().slice(0, 8).toLowerCase()}`;
  await applyObject(client, namespaces, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: namespace },
  });
  const scene: Scene = {
    namespace,
    describeAgent: (description) => applyObject(client, agentKind, agentOf(namespace, description)),
    routing: () => client.get(channelRoutingKind, { namespace, name: "acme-web" }, { signal }),
    untilRouted: (description, timeoutMs) =>
      eventually(
        `the routing says "${description}"`,
        async () => (await scene.routing())?.spec.capabilityGroups[0]?.description === description,
        timeoutMs,
      ),
  };
  await scene.describeAgent("first");
  await applyObject(client, channelKind, channelOf(namespace));
  return scene;
}

function agentOf(namespace: string, description: string): KubeObject & { readonly spec: object } {
  return {
    apiVersion: "lmos.eclipse/v1",
    kind: "Agent",
    metadata: { namespace, name: "billing", labels: { subset: "stable" } },
    spec: {
      description,
      supportedChannels: ["web"],
      providedCapabilities: [{ name: "bill", version: "1.0.0" }],
    },
  };
}

function channelOf(namespace: string): KubeObject & { readonly spec: object } {
  return {
    apiVersion: "lmos.eclipse/v1",
    kind: "Channel",
    metadata: {
      namespace,
      name: "acme-web",
      labels: { tenant: "acme", channel: "web", subset: "stable", version: "1.0.0" },
    },
    spec: { requiredCapabilities: [{ name: "bill", version: "^1.0.0" }] },
  };
}
