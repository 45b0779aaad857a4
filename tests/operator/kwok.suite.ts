/**
 * Workloads as they are in a cluster: kube-controller-manager makes pods of them, kube-scheduler finds a node, and kwok plays
 * that node. No status is written by hand; the agents behind the Services are processes. Needs a control plane of its own,
 * as the shared one runs no such controllers.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { agentKind, conditionOf, deploymentKind } from "@lmos/resources";
import { expect, it } from "vitest";
import { eventually } from "../faults/harness/eventually.ts";
import { type ControlPlane, startControlPlane } from "../kubernetes/control-plane.ts";
import { findParts } from "../kubernetes/parts.ts";
import { addNode, applyPods, cordon, type PodKind } from "./agents/agent-pods.ts";
import { type DescribedAgent, startDescribedAgent } from "./agents/described-agent.ts";
import { inTurns } from "./harness/in-turns.ts";
import { OperatorWorld } from "./harness/operator-world.ts";
import { figure } from "./operations/figure.ts";
import { realServers } from "./operations/test-servers.ts";

const { signal } = new AbortController();
const patienceMs = 60_000;
const many = 60;

it.each(realServers)(
  "workloads that kube-controller-manager, kube-scheduler and kwok bring up are discovered and followed",
  async () => {
    await using stack = new AsyncDisposableStack();
    const plane = stack.use(await startWithNodes());
    const world = stack.use(await OperatorWorld.make(accessTo(plane), "kwok"));
    await addNode(world.client, "node-1", 500);
    await world.operate();
    const serve = async (capability: string, version: string): Promise<DescribedAgent> =>
      stack.use(await startDescribedAgent(documentOf(capability, version)));

    const billing = await serve("bill", "1.0.0");
    const ledger = await serve("ledger", "1.0.0");
    await applyPods(world, "billing", { kind: "Deployment", port: billing.port, replicas: 2 });
    await applyPods(world, "ledger", { kind: "StatefulSet", port: ledger.port, replicas: 2 });
    await world.channel("acme", ["bill@^1.0.0", "ledger@^1.0.0"]);
    await world.untilWired("acme", ["billing/bill@1.0.0", "ledger/ledger@1.0.0"], patienceMs);
    await world.untilSaid("acme", "Ready", "True Active", patienceMs);
    for (const [name, kind] of [
      ["billing", "Deployment"],
      ["ledger", "StatefulSet"],
    ] as const) {
      expect(await ownerAndReason(world, name)).toEqual([kind, `${kind}Available`]);
    }

    // Pods are replaced one by one: the agent is read anew once the last of them is new.
    for (const kind of ["Deployment", "StatefulSet"] as const)
      await release(world, kind, { billing, ledger });
    await world.untilWired("acme", ["billing/bill@1.1.0", "ledger/ledger@1.1.0"], patienceMs);

    // Pods without a node are no agent.
    await cordon(world.client, "node-1", true);
    const late = await serve("late", "1.0.0");
    await applyPods(world, "late", { kind: "Deployment", port: late.port });
    await world.channel("patient", ["late@^1.0.0"]);
    await world.untilSaid("patient", "Resolved", "False NoProvider", patienceMs);
    expect(late.requests()).toBe(0);
    await cordon(world.client, "node-1", false);
    await world.untilWired("patient", ["late/late@1.0.0"], patienceMs);

    // Without pods the only provider stays wired, and is not ready.
    await applyPods(world, "late", { kind: "Deployment", port: late.port, replicas: 0 });
    await world.untilSaid("patient", "Ready", "False ProviderNotReady", patienceMs);
    await applyPods(world, "late", { kind: "Deployment", port: late.port });
    await world.untilSaid("patient", "Ready", "True Active", patienceMs);

    // The real garbage collector takes the Agent.
    await world.remove(deploymentKind, "late");
    const key = { namespace: world.namespace, name: "late" };
    const gone = async () => (await world.client.get(agentKind, key, { signal })) === undefined;
    await eventually("the Agent goes with its Deployment", gone, 120_000);
    await world.untilSaid("patient", "Resolved", "False NoProvider", patienceMs);
    await world.untilWired("patient", ["late/late@1.0.0"], patienceMs);

    const tookMs = await deployMany(world, billing.port);
    figure({ name: "real", what: `${many} Deployments come up and are discovered`, asked: "60 s", tookMs });
    expect(await world.history.settledViolations()).toEqual([]);
  },
  400_000,
);

/** Everything that a cluster has but the kubelet. */
async function startWithNodes(): Promise<ControlPlane> {
  const extras = ["kube-controller-manager", "kube-scheduler", "kwok"] as const;
  const parts = await findParts(["etcd", "kube-apiserver", ...extras, "kwok.yaml"]);
  return startControlPlane({ parts, extras, signal });
}

function accessTo({ url, token, directory }: ControlPlane) {
  const certificateAuthority = readFileSync(join(directory, "certificates", "apiserver.crt"), "utf8");
  return { url, token, certificateAuthority };
}

function documentOf(capability: string, version: string): object {
  return { supportedChannels: ["web"], capabilities: [{ name: capability, version }] };
}

/** The agent announces 1.1.0, and its pods are replaced. */
async function release(
  world: OperatorWorld,
  kind: PodKind,
  { billing, ledger }: { readonly billing: DescribedAgent; readonly ledger: DescribedAgent },
): Promise<void> {
  const [name, capability, agent] =
    kind === "Deployment" ? (["billing", "bill", billing] as const) : (["ledger", "ledger", ledger] as const);
  await agent.announce(documentOf(capability, "1.1.0"));
  await applyPods(world, name, { kind, port: agent.port, replicas: 2, release: "2" });
}

async function ownerAndReason(world: OperatorWorld, name: string): Promise<readonly unknown[]> {
  const agent = (await world.agents()).find(({ metadata }) => metadata.name === name);
  const reason = conditionOf(agent?.status?.conditions, "Ready")?.reason;
  return [agent?.metadata.ownerReferences?.[0]?.kind, reason];
}

/** Milliseconds until all of them are Agents. */
async function deployMany(world: OperatorWorld, port: number): Promise<number> {
  const startedAt = performance.now();
  await inTurns(many, (at) => applyPods(world, `many-${at}`, { kind: "Deployment", port }));
  const discovered = async (): Promise<boolean> =>
    (await world.agents()).filter(({ metadata }) => metadata.name.startsWith("many-")).length === many;
  await eventually("all of them are discovered", discovered, 120_000);
  return performance.now() - startedAt;
}
