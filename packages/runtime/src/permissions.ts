/** What the runtime may do in a cluster: it reads, in the namespaces that it serves. The roles are made of this table. */
import type { Permission } from "@lmos/kube";
import {
  capabilityGrantKind,
  channelKind,
  channelRolloutKind,
  channelRoutingKind,
  tenantKind,
} from "@lmos/resources";

const verbs = ["list", "watch"];

/** In every namespace that it serves. */
export const runtimePermissions: readonly Permission[] = [
  {
    group: channelRoutingKind.group,
    resource: channelRoutingKind.plural,
    verbs,
    why: "a message goes where its channel is wired to",
  },
  {
    group: channelKind.group,
    resource: channelKind.plural,
    verbs,
    why: "the channels of a tenant are listed",
  },
  {
    group: channelRolloutKind.group,
    resource: channelRolloutKind.plural,
    verbs,
    why: "a share of the conversations goes to a canary",
  },
];

/** In the cluster, with `--grants`: both kinds belong to no namespace. */
export const runtimeGrantPermissions: readonly Permission[] = [
  {
    group: tenantKind.group,
    resource: tenantKind.plural,
    verbs,
    why: "a tenant says which namespaces and channels are its own",
  },
  {
    group: capabilityGrantKind.group,
    resource: capabilityGrantKind.plural,
    verbs,
    why: "nobody gets turns who is not granted them",
  },
];
