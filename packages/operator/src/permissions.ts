/**
 * What the operator may do in a cluster: no more than it does. The roles under deploy/kubernetes are made of this table
 * (`npm run generate`), and a suite runs the operator with exactly those: a right that is missing or unused fails it.
 */
import { leaseResource, type Permission } from "@lmos/kube";
import {
  agentKind,
  capabilityGrantKind,
  channelKind,
  channelRoutingKind,
  deploymentKind,
  rolloutKind,
  serviceKind,
  statefulSetKind,
  tenantKind,
} from "@lmos/resources";
import { tokenReviewKind } from "./api/auth/token-review.ts";

const reading = ["list", "watch"];

interface NamedType {
  readonly group: string;
  readonly plural: string;
}

/** A right on a kind, or on one of its subresources. */
function on(
  { group, plural }: NamedType,
  verbs: readonly string[],
  { why, subresource }: { readonly why: string; readonly subresource?: string },
): Permission {
  return { group, resource: subresource === undefined ? plural : `${plural}/${subresource}`, verbs, why };
}

/** In every namespace that it works in. */
export const watchedPermissions: readonly Permission[] = [
  on(deploymentKind, reading, { why: "agents are discovered behind Deployments" }),
  on(statefulSetKind, reading, { why: "agents are discovered behind StatefulSets" }),
  on(rolloutKind, reading, { why: "agents are discovered behind Argo Rollouts, where there are any" }),
  on(serviceKind, reading, { why: "an agent is reached through its Service" }),
  on(agentKind, [...reading, "create", "patch"], { why: "the Agent of a workload is generated" }),
  on(agentKind, ["patch"], { why: "what is known of an Agent", subresource: "status" }),
  on(channelKind, reading, { why: "channels are wired" }),
  on(channelKind, ["patch"], { why: "what is known of a Channel", subresource: "status" }),
  on(channelRoutingKind, [...reading, "create", "patch", "delete"], { why: "routings are generated" }),
  {
    group: "events.k8s.io",
    resource: "events",
    verbs: ["create", "patch"],
    why: "what happens to an object is told beside it",
  },
];

/** In the cluster, unless with `--grants=off`: both kinds belong to no namespace. */
export const grantPermissions: readonly Permission[] = [
  on(tenantKind, reading, { why: "a tenant says which namespaces and channels are its own" }),
  on(capabilityGrantKind, reading, { why: "a grant says who may provide what to whom" }),
];

/** In its own namespace; the name is that of the Lease. */
export function ownPermissions(leaseName: string): readonly Permission[] {
  return [
    on(leaseResource, ["create"], { why: "the first replica makes the Lease" }),
    {
      ...on(leaseResource, ["get", "update"], { why: "one of several replicas leads" }),
      resourceNames: [leaseName],
    },
  ];
}

/** In the cluster, with `--auth=kubernetes`. */
export const authenticationPermissions: readonly Permission[] = [
  on(tokenReviewKind, ["create"], { why: "the read API asks whose token it was sent" }),
];
