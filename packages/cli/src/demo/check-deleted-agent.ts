import { type KubeClient, keyText } from "@lmos/kube";
import { applyObjects, deleteObjects } from "@lmos/local";
import { jsonEqual } from "@lmos/primitives";
import { type Channel, channelKind, channelRoutingKind, conditionOf } from "@lmos/resources";
import { CliError } from "../errors.ts";
import { isResolved, waitFor, waitForChannels } from "../laptop/wait.ts";
import type { Manifest } from "../manifests.ts";
import type { CheckScene } from "./check-scene.ts";

const key = { namespace: "default", name: "acme-web-stable" };
const agentName = "roaming-agent";
const timeoutMs = 20_000;

/** Deletes an agent: the channel says so and keeps its last good routing; applies it again: the channel resolves. */
export async function checkDeletedAgent(
  { laptop, checks, context }: CheckScene,
  manifests: readonly Manifest[],
): Promise<void> {
  checks.section(`deleting ${agentName}, and applying it again`);
  const { client } = laptop.cluster;
  const { clock, signal, terminal } = context;
  const wait = { clock, signal, timeoutMs };
  const deployment = manifests.filter(
    ({ kind, metadata }) => kind === "Deployment" && metadata.name === agentName,
  );
  const routingBefore = await client.get(channelRoutingKind, key, { signal });
  await deleteObjects(client, deployment, { signal });
  await checks.expect("the channel says unresolved, with the cause", async () => {
    const channel = await waitFor("the channel to be unresolved", () => findUnresolved(client, signal), wait);
    terminal.print(`    ${conditionOf(channel.status?.conditions, "Resolved")?.message}`);
  });
  const routingAfter = await client.get(channelRoutingKind, key, { signal });
  checks.record("the last good routing stays as it was", jsonEqual(routingBefore?.spec, routingAfter?.spec));
  await applyObjects(client, deployment, { signal });
  await checks.expect("applied again, the channel is resolved", () => waitForChannels(client, wait));
}

async function findUnresolved(client: KubeClient, signal: AbortSignal): Promise<Channel | undefined> {
  const channel = await client.get(channelKind, key, { signal });
  if (channel === undefined) throw new CliError("NotFound", `channel ${keyText(key)} is gone`);
  return isResolved(channel) ? undefined : channel;
}
