/**
 * Nothing is played here: agents of the SDK and others run as processes, started by a process node from their Deployments,
 * and `lmos operator` is a process, too. What becomes of them shows in routings and statuses.
 */
import type { ProcessNode } from "@lmos/local";
import { agentCardPath, lmosExtensionUri, thingDescriptionPath } from "@lmos/protocol";
import { agentKind, conditionOf, deploymentKind } from "@lmos/resources";
import { expect, it } from "vitest";
import { eventually } from "../faults/harness/eventually.ts";
import { deployProgram, describedAgent, sdkAgent } from "./agents/agent-deployment.ts";
import { startAgentNode } from "./agents/agent-node.ts";
import { OperatorWorld } from "./harness/operator-world.ts";
import { startBehindProxy } from "./operations/replica.ts";
import { testServers } from "./operations/test-servers.ts";

const { signal } = new AbortController();
const patienceMs = 60_000;

const card = {
  name: "parcels",
  description: "Parcels",
  version: "1.2.0",
  capabilities: { extensions: [{ uri: lmosExtensionUri, params: { supportedChannels: ["web"] } }] },
  skills: [{ id: "parcel", name: "parcel", description: "Tracks a parcel", examples: ["where is it?"] }],
};
const thing = {
  title: "weather",
  description: "Weather",
  version: { instance: "2.0.0" },
  "lmos:supportedChannels": ["web"],
  actions: { weather: { description: "Tells the weather" } },
};

const all = (bill: string) => [`billing/bill@${bill}`, "parcels/parcel@1.2.0", "station/weather@2.0.0"];

it.concurrent.each(testServers)(
  "real agents on the $name API server are discovered, wired, updated, missed and given up",
  async ({ start }) => {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await start());
    const world = stack.use(await OperatorWorld.make(server, "agents"));
    const node = stack.use(await startAgentNode(world.client, world.namespace));
    const parameters = ["--local", "--watch-namespaces", world.namespace];
    const { operator } = stack.use(
      await startBehindProxy(server, world.namespace, ["operator", ...parameters]),
    );
    await operator.whenLogged("the operator listens");
    await world.channel("acme", ["bill@^1.0.0", "parcel@^1.0.0", "weather@^2.0.0"]);

    await Promise.all([
      deployProgram(world, "billing", sdkAgent("billing", ["bill@1.0.0"])),
      deployProgram(world, "parcels", describedAgent(agentCardPath, card)),
      deployProgram(world, "station", describedAgent(thingDescriptionPath, thing)),
    ]);
    await world.untilWired("acme", all("1.0.0"), patienceMs);
    await world.untilSaid("acme", "Ready", "True Active", patienceMs);
    for (const agent of await world.agents()) {
      expect(agent.metadata.ownerReferences?.[0]).toMatchObject({ kind: "Deployment", controller: true });
      expect(conditionOf(agent.status?.conditions, "Discovered")?.status).toBe("True");
    }

    // A new version: the old process answers until the new one does.
    await deployProgram(world, "billing", sdkAgent("billing", ["bill@1.1.0"]));
    await world.untilWired("acme", all("1.1.0"), patienceMs);

    // One that can't be started leaves the process before it, and its wire.
    await deployProgram(world, "billing", { program: "no-such-program", environment: {} });
    await eventually("the new one crashes", async () => (await crashes(node)) > 0, patienceMs);
    await deployProgram(world, "billing", sdkAgent("billing", ["bill@1.1.0"]));
    await untilRolledOut(world, "billing");

    // A crash costs no wire: the node starts it again.
    const before = await world.routingChanges("acme");
    const killed = killOf(node, "parcels");
    await eventually("another process has taken over", () => isReplaced(node, "parcels", killed), patienceMs);
    await world.untilSaid("acme", "Ready", "True Active", patienceMs);
    expect(await world.routingChanges("acme")).toEqual(before);

    // The only provider stays wired while it is away. (Another one than above: twice away would be flapping.)
    await deployProgram(world, "billing", { ...sdkAgent("billing", ["bill@1.1.0"]), replicas: 0 });
    await world.untilSaid("acme", "Ready", "False ProviderNotReady", patienceMs);
    await deployProgram(world, "billing", sdkAgent("billing", ["bill@1.1.0"]));
    await world.untilSaid("acme", "Ready", "True Active", patienceMs);

    // One that is gone is named as missing, and the last good routing stays.
    await world.remove(deploymentKind, "parcels");
    const parcels = { namespace: world.namespace, name: "parcels" };
    const gone = async () => (await world.client.get(agentKind, parcels, { signal })) === undefined;
    await eventually("the Agent goes with its Deployment", gone, patienceMs);
    await world.untilSaid("acme", "Resolved", "False NoProvider", patienceMs);
    await world.untilWired("acme", all("1.1.0"), patienceMs);
    expect(await world.history.settledViolations()).toEqual([]);
  },
  240_000,
);

function crashes(node: ProcessNode): number {
  return node.processes().reduce((sum, one) => sum + one.crashes, 0);
}

/** Kills a running process of that Deployment; its id. */
function killOf(node: ProcessNode, name: string): number {
  const running = pidOf(node, name);
  if (running === undefined) throw new Error(`${name} does not run`);
  process.kill(running, "SIGKILL");
  return running;
}

function pidOf(node: ProcessNode, name: string): number | undefined {
  return node
    .processes()
    .filter(({ deployment }) => deployment.name === name)
    .flatMap(({ state }) => (state.kind === "running" && state.ready ? [state.pid] : []))[0];
}

function isReplaced(node: ProcessNode, name: string, pid: number): boolean {
  const now = pidOf(node, name);
  return now !== undefined && now !== pid;
}

function untilRolledOut(world: OperatorWorld, name: string): Promise<number> {
  const key = { namespace: world.namespace, name };
  return eventually(
    `${name} is rolled out`,
    async () => {
      const deployment = await world.client.get(deploymentKind, key, { signal });
      const { observedGeneration, replicas, updatedReplicas, availableReplicas } = deployment?.status ?? {};
      const isSeen = observedGeneration === deployment?.metadata.generation;
      return isSeen && replicas === 1 && updatedReplicas === 1 && availableReplicas === 1;
    },
    patienceMs,
  );
}
