/** API servers whose history a test can have forgotten. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startApiServer } from "@lmos/apiserver";
import { isKubeError, type KubeClient } from "@lmos/kube";
import { silentLogger, systemClock, systemIds, systemRandom } from "@lmos/primitives";
import { configMaps } from "../widget-controller/widget.ts";
import type { ServerAccess } from "./access.ts";
import { writeConfigMap } from "./config-maps-mirror.ts";
import { eventually } from "./eventually.ts";
import { startReal } from "./restartable-servers.ts";

/** A server that forgets on demand. */
export interface CompactingServer extends ServerAccess, AsyncDisposable {
  /** Returns when watches can no longer go on from what is the newest version now. */
  compact(client: KubeClient, namespace: string): Promise<void>;
}

/** The servers by name, for `it.each`. */
export const compactingServers = [
  { name: "real", start: startCompactingReal },
  { name: "embedded", start: startCompactingEmbedded },
] as const;

/** etcd forgets by itself every few seconds; what kube-apiserver remembers is gone when it is started again. */
async function startCompactingReal(): Promise<CompactingServer> {
  const server = await startReal();
  return {
    ...server,
    compact: async (client, namespace) => {
      const version = await newestVersion(client, namespace);
      await server.kill();
      await server.start();
      await whenForgotten(client, namespace, version);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function startCompactingEmbedded(): Promise<CompactingServer> {
  const directory = mkdtempSync(join(tmpdir(), "lmos-faults-"));
  const server = await startApiServer({
    directory,
    port: 0,
    clock: systemClock,
    random: systemRandom,
    ids: systemIds,
    logger: silentLogger,
    signal: new AbortController().signal,
    retention: { changes: 20, ageMs: 7_200_000 },
  });
  return {
    url: server.url,
    token: server.token,
    certificateAuthority: server.certificateAuthority,
    compact: async (client, namespace) =>
      whenForgotten(client, namespace, await newestVersion(client, namespace)),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function newestVersion(client: KubeClient, namespace: string): Promise<string> {
  const { resourceVersion } = await client.list(configMaps, {
    namespace,
    signal: new AbortController().signal,
  });
  return resourceVersion;
}

/** Makes changes elsewhere until a watch from that version is refused. */
async function whenForgotten(client: KubeClient, namespace: string, version: string): Promise<void> {
  let changes = 0;
  const isForgotten = async (): Promise<boolean> => {
    changes += 1;
    await writeConfigMap(client, { namespace: "default", name: "o3-churn" }, String(changes));
    return isExpired(client, namespace, version);
  };
  await eventually(`version ${version} is forgotten`, isForgotten, 60_000);
}

async function isExpired(client: KubeClient, namespace: string, version: string): Promise<boolean> {
  const signal = AbortSignal.timeout(300);
  try {
    for await (const _ of client.watch(configMaps, { namespace, resourceVersion: version, signal }))
      return false;
    return false;
  } catch (error) {
    return isKubeError(error, "Expired");
  }
}
