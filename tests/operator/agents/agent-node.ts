/** A process node for one namespace: Deployments there run as processes of this machine, as they do on a laptop. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { interceptClient, type KubeClient } from "@lmos/kube";
import { createMachineTable, type ProcessNode, startProcessNode, takeCustody } from "@lmos/local";
import { silentLogger, systemClock, systemIds, systemRandom } from "@lmos/primitives";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const machine = { clock: systemClock, random: systemRandom, ids: systemIds, logger: silentLogger };
const { signal } = new AbortController();

/** Starts one. Disposing it ends its processes. */
export async function startAgentNode(client: KubeClient, namespace: string): Promise<ProcessNode> {
  await using starting = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "agent-node-"));
  starting.defer(() => rm(directory, { recursive: true }));
  const custodian = starting.use(await takeCustody({ directory, signal, ...machine }));
  const table = createMachineTable({
    ...machine,
    directory,
    custodian,
    baseFolder: root,
    baseEnvironment: process.env,
    extraEnvironment: {},
  });
  const node = starting.use(startProcessNode({ ...machine, table, client: within(client, namespace) }));
  const owned = starting.move();
  return { processes: () => node.processes(), [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Others' Services, whose endpoints are no processes of this node, stay out of its sight. */
function within(client: KubeClient, namespace: string): KubeClient {
  return interceptClient(client, {
    list: (next) => (type, options) => next(type, { ...options, namespace }),
    watch: (next) => (type, options) => next(type, { ...options, namespace }),
  });
}
