/** Workloads whose pods a real control plane makes and kwok lets run; the agents behind their Services are processes of this machine. */
import type { KubeClient, KubeObject, ResourceType } from "@lmos/kube";
import { deploymentKind, serviceKind, statefulSetKind } from "@lmos/resources";
import { looseType } from "../../faults/harness/widgets-world.ts";
import type { Manifest, OperatorWorld } from "../harness/operator-world.ts";
import { localService } from "./local-service.ts";

const { signal } = new AbortController();
const nodes = looseType({ group: "", kind: "Node", plural: "nodes", namespaced: false });

/** The kinds of workloads that the control plane has controllers for. */
export type PodKind = "Deployment" | "StatefulSet";
const types: Readonly<Record<PodKind, ResourceType>> = {
  Deployment: deploymentKind,
  StatefulSet: statefulSetKind,
};

/** A node that kwok plays, with room for so many pods. */
export async function addNode(client: KubeClient, name: string, pods: number): Promise<void> {
  const labels = {
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64",
  };
  const object: KubeObject & { readonly spec: object } = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels },
    spec: {},
  };
  await client.apply(nodes, object, { fieldManager: "suite", force: true, signal });
  const room = { cpu: "64", memory: "64Gi", pods: String(pods) };
  const body = { status: { capacity: room, allocatable: room } };
  await client.patch(nodes, { name }, { kind: "merge", body }, { subresource: "status", signal });
}

/** Lets no more pods be put there, or lets them again. */
export async function cordon(client: KubeClient, name: string, unschedulable: boolean): Promise<void> {
  const body = { spec: { unschedulable } };
  await client.patch(nodes, { name }, { kind: "merge", body }, { signal });
}

/** A workload of pods, and the port on this machine where its agent answers. */
export interface AgentPods {
  readonly kind: PodKind;
  readonly port: number;
  readonly replicas?: number | undefined;
  /** Differs where the pods are to be replaced. */
  readonly release?: string | undefined;
}

/** Applies the workload and its Service. */
export async function applyPods(world: OperatorWorld, name: string, pods: AgentPods): Promise<void> {
  await world.apply(serviceKind, localService(world.namespace, name, pods.port));
  await world.apply(types[pods.kind], workloadOf(world, name, pods));
}

function workloadOf(
  { namespace }: OperatorWorld,
  name: string,
  { kind, replicas = 1, release = "1" }: AgentPods,
): Manifest {
  const template = {
    metadata: { labels: { app: name }, annotations: { release } },
    spec: { containers: [{ name: "agent", image: "none" }] },
  };
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace, labels: { "lmos-agent": "true" } },
    spec: {
      ...(kind === "StatefulSet" ? { serviceName: name, podManagementPolicy: "Parallel" } : {}),
      replicas,
      selector: { matchLabels: { app: name } },
      template,
    },
  };
}
