/** A laptop cluster without processes, in a temporary folder: for tests of commands that talk to a cluster. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type KubeClient, type KubeObject, keyOf } from "@lmos/kube";
import { startCluster } from "@lmos/local";
import { silentLogger, systemClock, systemIds, systemRandom } from "@lmos/primitives";
import {
  agentKind,
  channelKind,
  channelRoutingKind,
  customKinds,
  customResourceDefinition,
} from "@lmos/resources";
import { type RunOutcome, runWith } from "./run-with.ts";

/** The cluster, with the namespaces default and shop. Its folder is the working directory of what is run in it. */
export interface TestCluster extends AsyncDisposable {
  readonly folder: string;
  readonly client: KubeClient;
  /** Runs a command line against it. */
  run(...parameters: readonly string[]): Promise<RunOutcome>;
  /** Applies an Agent, a Channel or a ChannelRouting, and its status where it has one. */
  put(object: KubeObject & { readonly status?: object | undefined }): Promise<void>;
  /** Deletes all Agents, Channels and ChannelRoutings. */
  clear(): Promise<void>;
}

const kinds = [channelKind, channelRoutingKind, agentKind] as const;

/** Starts it. */
export async function startTestCluster(): Promise<TestCluster> {
  const folder = await mkdtemp(join(tmpdir(), "lmos-cli-"));
  const { signal } = new AbortController();
  const cluster = await startCluster({
    directory: join(folder, ".lmos"),
    port: 0,
    baseFolder: folder,
    crds: customKinds.map((kind) => customResourceDefinition(kind)),
    system: [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } }],
    baseEnvironment: {},
    extraEnvironment: {},
    clock: systemClock,
    random: systemRandom,
    ids: systemIds,
    logger: silentLogger,
    signal,
  });
  const { client } = cluster;
  const options = { fieldManager: "test", force: true, signal };
  return {
    folder,
    client,
    run: (...parameters) => runWith({ workingDirectory: folder }, ...parameters),
    put: async ({ status, ...object }) => {
      const type = kinds.find(({ kind }) => kind === object.kind);
      if (type === undefined) throw new TypeError(`${object.kind} is none of the kinds of this cluster`);
      await client.apply<KubeObject>(type, object, options);
      const { apiVersion, kind } = object;
      const subject: KubeObject & { readonly status: object | undefined } = {
        ...{ apiVersion, kind, metadata: keyOf(object), status },
      };
      if (status !== undefined)
        await client.apply<KubeObject>(type, subject, { ...options, subresource: "status" });
    },
    clear: async () => {
      for (const type of kinds) {
        const { items } = await client.list<KubeObject>(type, { signal });
        for (const item of items) await client.delete<KubeObject>(type, keyOf(item), { signal });
      }
    },
    [Symbol.asyncDispose]: async () => {
      await cluster[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
