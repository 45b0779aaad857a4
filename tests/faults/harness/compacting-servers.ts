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
  /** Returns when watches can no longer go on from that version, which is not the newest. */
  forget(version: string, client: KubeClient): Promise<void>;
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
    forget: async (version, client) => {
      await server.kill();
      await server.start();
      await whenForgotten(version, client);
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
    forget: whenForgotten,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Makes changes elsewhere until a watch from that version is refused. */
async function whenForgotten(version: string, client: KubeClient): Promise<void> {
  let changes = 0;
  const isForgotten = async (): Promise<boolean> => {
    changes += 1;
    await writeConfigMap(client, { namespace: "default", name: "o3-churn" }, String(changes));
    return isExpired(version, client);
  };
  await eventually(`version ${version} is forgotten`, isForgotten, 60_000);
}

async function isExpired(version: string, client: KubeClient): Promise<boolean> {
  const signal = AbortSignal.timeout(300);
  try {
    for await (const _ of client.watch(configMaps, { resourceVersion: version, signal })) return false;
    return false;
  } catch (error) {
    return isKubeError(error, "Expired");
  }
}
