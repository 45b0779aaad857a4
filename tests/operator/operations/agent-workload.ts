/** A workload with an agent behind it: a process on this machine, a Deployment and a Service on the server. */
import type { KubeClient, KubeObject } from "@lmos/kube";
import { deploymentKind, serviceKind } from "@lmos/resources";
import { startDescribedAgent } from "../agents/described-agent.ts";
import { localService } from "../agents/local-service.ts";
import { applyObject } from "./scene.ts";

const { signal } = new AbortController();

/** Starts an agent that provides one capability, and says that its Deployment is rolled out. Disposing it ends the agent. */
export async function deployAgent(
  client: KubeClient,
  namespace: string,
  capability: string,
): Promise<AsyncDisposable> {
  const name = `${capability}-agent`;
  const agent = await startDescribedAgent(announcement(name, capability));
  await applyObject(client, serviceKind, localService(namespace, name, agent.port));
  await applyObject(client, deploymentKind, deploymentOf(namespace, name));
  const live = await client.get(deploymentKind, { namespace, name }, { signal });
  const counts = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
  const body = { status: { ...counts, observedGeneration: live?.metadata.generation ?? 1 } };
  const patch = { kind: "merge", body } as const;
  await client.patch(deploymentKind, { namespace, name }, patch, { subresource: "status", signal });
  return agent;
}

function announcement(name: string, capability: string): object {
  const provided = {
    id: capability,
    name: capability,
    version: "1.0.0",
    description: capability,
    examples: [],
  };
  return {
    id: name,
    description: name,
    supportedTenants: [],
    supportedChannels: ["web"],
    capabilities: [provided],
  };
}

function deploymentOf(namespace: string, name: string): KubeObject & { readonly spec: object } {
  const template = {
    metadata: { labels: { app: name } },
    spec: { containers: [{ name: "agent", image: "none" }] },
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace, name, labels: { "lmos-agent": "true" } },
    spec: { replicas: 1, selector: { matchLabels: { app: name } }, template },
  };
}
