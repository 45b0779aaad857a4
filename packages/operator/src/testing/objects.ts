/** Objects for tests, as short as what matters about them. */
import {
  type Agent,
  agentKind,
  type Channel,
  channelKind,
  type Deployment,
  deploymentKind,
  type Rollout,
  rolloutKind,
  type Service,
  type StatefulSet,
  serviceKind,
  statefulSetKind,
} from "@lmos/resources";

const namespace = "default";

/** An Agent for every tenant and the channel web that provides `name@version`, known to answer and to be ready. */
export function agentOf(name: string, capabilities: readonly string[], more: Partial<Agent> = {}): Agent {
  const agent = agentKind.parse({
    apiVersion: "lmos.eclipse/v1",
    kind: "Agent",
    metadata: { name, namespace, uid: `${name}-uid`, generation: 1 },
    spec: { supportedChannels: ["web"], providedCapabilities: capabilities.map(splitVersion) },
    status: { host: `${name}.default.svc.cluster.local` },
  });
  return { ...agent, ...more };
}

/** A Channel acme/web/stable that requires `name@range`. */
export function channelOf(
  name: string,
  requirements: readonly string[],
  more: Partial<Channel> = {},
): Channel {
  const labels = { tenant: "acme", channel: "web", subset: "stable" };
  const channel = channelKind.parse({
    apiVersion: "lmos.eclipse/v1",
    kind: "Channel",
    metadata: { name, namespace, uid: `${name}-uid`, generation: 1, labels },
    spec: { requiredCapabilities: requirements.map(splitVersion) },
  });
  return { ...channel, ...more };
}

/** A Deployment of one replica that is rolled out. */
export function deploymentOf(name: string, more: Partial<Deployment> = {}): Deployment {
  const deployment = deploymentKind.parse({ ...workloadOf(name), apiVersion: "apps/v1", kind: "Deployment" });
  return { ...deployment, ...more };
}

/** The reference to {@link deploymentOf} in an Agent that it owns. */
export function ownerOfDeployment(name: string) {
  return { apiVersion: "apps/v1", kind: "Deployment", name, uid: `${name}-uid`, controller: true };
}

/** A StatefulSet of one replica that is rolled out. */
export function statefulSetOf(name: string, more: Partial<StatefulSet> = {}): StatefulSet {
  const statefulSet = statefulSetKind.parse({
    ...workloadOf(name),
    apiVersion: "apps/v1",
    kind: "StatefulSet",
  });
  return { ...statefulSet, ...more };
}

/** A Rollout of one replica that is healthy. */
export function rolloutOf(name: string, more: Partial<Rollout> = {}): Rollout {
  const workload = workloadOf(name);
  const status = { ...workload.status, observedGeneration: "1", phase: "Healthy", stableRS: "abc" };
  const rollout = rolloutKind.parse({
    ...workload,
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    status,
  });
  return { ...rollout, ...more };
}

function workloadOf(name: string) {
  const counts = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
  return {
    metadata: { name, namespace, uid: `${name}-uid`, generation: 1, labels: { "lmos-agent": "true" } },
    spec: { selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } } } },
    status: { observedGeneration: 1, ...counts },
  };
}

/** A Service that selects the pods of the Deployment of that name. */
export function serviceOf(name: string, spec: object = {}): Service {
  return serviceKind.parse({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { selector: { app: name }, ports: [{ port: 8080 }], ...spec },
  });
}

function splitVersion(text: string): { readonly name: string; readonly version: string } {
  const at = text.indexOf("@");
  return { name: text.slice(0, at), version: text.slice(at + 1) };
}
