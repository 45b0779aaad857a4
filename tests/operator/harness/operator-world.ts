/** A namespace of a server with an operator in it: what a suite does there, and everything that is seen of it. */
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { isKubeError, type KubeClient, type KubeObject, type ResourceType } from "@lmos/kube";
import { type Operator, type OperatorOptions, startOperator } from "@lmos/operator";
import { silentLogger, systemClock, systemIds, systemRandom } from "@lmos/primitives";
import {
  type Agent,
  agentKind,
  type Channel,
  type ChannelRouting,
  type Condition,
  capabilityGrantKind,
  channelKind,
  channelRoutingKind,
  conditionOf,
  deploymentKind,
  serviceKind,
  tenantKind,
} from "@lmos/resources";
import { z } from "zod";
import { directClient, type ServerAccess } from "../../faults/harness/access.ts";
import { eventually } from "../../faults/harness/eventually.ts";
import { looseType } from "../../faults/harness/widgets-world.ts";
import { type DescribedAgent, startDescribedAgent } from "../agents/described-agent.ts";
import { localService } from "../agents/local-service.ts";
import { applyObject, installKinds } from "../operations/scene.ts";
import { type Entry, History } from "./history.ts";

const { signal } = new AbortController();
/** For what takes a fraction of a second where nothing else runs. */
const patienceMs = 60_000;
const namespaces = looseType({ group: "", kind: "Namespace", plural: "namespaces", namespaced: false });

/** An object with a spec. */
export interface Manifest extends KubeObject {
  readonly spec: object;
}

/** Disposing it stops its operators and servers. */
export class OperatorWorld implements AsyncDisposable {
  readonly namespace: string;
  readonly client: KubeClient;
  readonly history: History;
  readonly #owned: AsyncDisposableStack;
  /** Objects without a namespace, which do not go with that. */
  readonly #ofAll = new Set<string>();

  private constructor(
    owned: AsyncDisposableStack,
    made: Pick<OperatorWorld, "namespace" | "client" | "history">,
  ) {
    this.#owned = owned;
    this.namespace = made.namespace;
    this.client = made.client;
    this.history = made.history;
  }

  /** A new namespace, watched from its beginning; no operator runs yet. */
  static async make(server: ServerAccess, prefix: string): Promise<OperatorWorld> {
    await using stack = new AsyncDisposableStack();
    const client = stack.use(directClient(server));
    await installKinds(client);
    const namespace = `${prefix}-${systemIds.next().slice(0, 8).toLowerCase()}`;
    await applyObject(client, namespaces, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace },
    });
    const history = stack.use(await History.of(server, namespace));
    return new OperatorWorld(stack.move(), { namespace, client, history });
  }

  /** Starts an operator for this namespace; it ends with the world, if not before. */
  async operate(options: Partial<OperatorOptions> = {}): Promise<Operator> {
    const operator = await startOperator({
      ...{
        client: this.client,
        clock: systemClock,
        random: systemRandom,
        ids: systemIds,
        logger: silentLogger,
      },
      ...{ local: true, namespaces: [this.namespace], listen: { host: "127.0.0.1", port: 0 }, signal },
      ...options,
    });
    return this.#owned.use(operator);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync();
  }

  /** A hand-made agent for every tenant and the channel web that provides `name@version`. */
  agent(name: string, capabilities: readonly string[], spec: object = {}): Promise<void> {
    return this.apply(agentKind, {
      ...this.#head("lmos.eclipse/v1", "Agent", name),
      spec: { supportedChannels: ["web"], providedCapabilities: capabilities.map(splitVersion), ...spec },
    });
  }

  /** The tenant of a channel. It has one of its own, as Tenants are for the whole server, which others use, too. */
  tenantOf(channel: string): string {
    return `${this.namespace}-${channel}`;
  }

  /** A channel that requires `name@range`. */
  channel(name: string, requirements: readonly string[], spec: object = {}): Promise<void> {
    const labels = { tenant: this.tenantOf(name), channel: "web", subset: "stable" };
    return this.apply(channelKind, {
      ...this.#head("lmos.eclipse/v1", "Channel", name, { labels }),
      spec: { requiredCapabilities: requirements.map(splitVersion), ...spec },
    });
  }

  /** The Tenant of a channel, which goes with the world; unless something else is said, its channel is trusted. */
  tenant(channel: string, spec: object = {}): Promise<void> {
    const id = this.tenantOf(channel);
    return this.#applyToAll(tenantKind, id, { id, namespaces: [this.namespace], ...spec });
  }

  /** Grants agents of this world something, to the tenants of all of its channels; the grant goes with the world. */
  grant(name: string, spec: object): Promise<void> {
    const all = { providers: [{ namespace: this.namespace }], tenants: [`${this.namespace}-*`] };
    return this.#applyToAll(capabilityGrantKind, this.grantName(name), { ...all, ...spec });
  }

  /** What a grant of this world is called. */
  grantName(name: string): string {
    return `${this.namespace}-${name}`;
  }

  /** An agent that is a process of its own and describes itself like that; it ends with the world. */
  async agentProcess(document: unknown): Promise<DescribedAgent> {
    return this.#owned.use(await startDescribedAgent(document));
  }

  /** An HTTP server of an agent on loopback, which ends with the world; its port. */
  async serve(listener: RequestListener): Promise<number> {
    const server = createServer(listener).listen(0, "127.0.0.1");
    await once(server, "listening");
    this.#owned.defer(() => {
      server.closeAllConnections();
      server.close();
    });
    return z.object({ port: z.number() }).parse(server.address()).port;
  }

  /** Deployment and Service of an agent that listens on that port, rolled out. */
  async deploy(name: string, port: number): Promise<void> {
    await this.apply(serviceKind, localService(this.namespace, name, port));
    const containers = [{ name: "agent", image: "none" }];
    await this.apply(deploymentKind, {
      ...this.#head("apps/v1", "Deployment", name, { labels: { "lmos-agent": "true" } }),
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers } },
      },
    });
    await this.available(name, 1);
  }

  /** Plays the Deployment controller: so many replicas are available. */
  async available(name: string, replicas: number): Promise<void> {
    const counts = { replicas: 1, updatedReplicas: 1, readyReplicas: replicas, availableReplicas: replicas };
    const body = { status: { ...counts, observedGeneration: 1 } };
    const key = { namespace: this.namespace, name };
    await this.client.patch(deploymentKind, key, { kind: "merge", body }, { subresource: "status", signal });
  }

  async apply(type: ResourceType, object: Manifest): Promise<void> {
    await applyObject(this.client, type, object);
  }

  remove(type: ResourceType, name: string): Promise<unknown> {
    return this.client.delete(type, { namespace: this.namespace, name }, { signal });
  }

  async agents(): Promise<readonly Agent[]> {
    return (await this.client.list(agentKind, { namespace: this.namespace, signal })).items;
  }

  routing(name: string): Promise<ChannelRouting | undefined> {
    return this.client.get(channelRoutingKind, { namespace: this.namespace, name }, { signal });
  }

  status(name: string): Promise<Channel | undefined> {
    return this.client.get(channelKind, { namespace: this.namespace, name }, { signal });
  }

  /**
   * All changes of that Channel's routing, up to what the server has now: who counts those that were heard of may miss one
   * that is on its way.
   */
  async routingChanges(name: string): Promise<readonly Entry[]> {
    const current = (await this.routing(name))?.metadata.resourceVersion;
    const heard = () =>
      this.history.entries.filter(
        ({ plural, object }) => plural === "channelroutings" && object.metadata.name === name,
      );
    const isHeard = ({ object }: Entry) => Number(object.metadata.resourceVersion) >= Number(current);
    const what = `the watch shows ${name} at ${current}`;
    await eventually(what, () => current === undefined || heard().some(isHeard), patienceMs);
    return heard();
  }

  /** Milliseconds until the channel's routing holds exactly these, as `agent/capability@version`. */
  untilWired(channel: string, wires: readonly string[], timeoutMs = patienceMs): Promise<number> {
    return eventually(
      `${channel} is wired to ${wires.join(", ")}`,
      async () => wiresOf(await this.routing(channel)).join() === wires.toSorted().join(),
      timeoutMs,
    );
  }

  /** Milliseconds until a condition of the channel is `status reason`. */
  async untilSaid(channel: string, type: string, said: string, timeoutMs = patienceMs): Promise<number> {
    let found: Condition | undefined;
    const isSaid = async (): Promise<boolean> => {
      found = conditionOf((await this.status(channel))?.status?.conditions, type);
      return `${found?.status} ${found?.reason}` === said;
    };
    return eventually(`${channel} says ${type} ${said}`, isSaid, timeoutMs).catch((error: unknown) => {
      throw new Error(`${type} of ${channel} is ${JSON.stringify(found)}`, { cause: error });
    });
  }

  /** Whether the server refused an object, with the words that it did so with; undefined where it took it. */
  async refusalOf(write: Promise<unknown>): Promise<string | undefined> {
    try {
      await write;
      return undefined;
    } catch (error) {
      if (isKubeError(error, "Invalid") || isKubeError(error, "BadRequest")) return error.message;
      throw error;
    }
  }

  async #applyToAll(type: ResourceType, name: string, spec: object): Promise<void> {
    if (!this.#ofAll.has(`${type.plural}/${name}`)) {
      this.#ofAll.add(`${type.plural}/${name}`);
      this.#owned.defer(async () => void (await this.client.delete(type, { name }, { signal })));
    }
    const apiVersion = `${type.group}/${type.version}`;
    await this.apply(type, { apiVersion, kind: type.kind, metadata: { name }, spec });
  }

  #head(apiVersion: string, kind: string, name: string, metadata: object = {}) {
    return { apiVersion, kind, metadata: { ...metadata, name, namespace: this.namespace } };
  }
}

/** The wires of a routing as `agent/capability@version`, in order. */
export function wiresOf(routing: ChannelRouting | undefined): readonly string[] {
  const groups = routing?.spec.capabilityGroups ?? [];
  return groups
    .flatMap((group) => group.capabilities.map((one) => `${group.name}/${one.name}@${one.providedVersion}`))
    .toSorted();
}

function splitVersion(text: string): { readonly name: string; readonly version: string } {
  const at = text.indexOf("@");
  return { name: text.slice(0, at), version: text.slice(at + 1) };
}
