import { agentKind } from "./agent.ts";
import { capabilityGrantKind } from "./capability-grant.ts";
import { channelKind } from "./channel.ts";
import { channelRolloutKind } from "./channel-rollout.ts";
import { channelRoutingKind } from "./channel-routing.ts";
import { tenantKind } from "./tenant.ts";

/** All kinds of the group `lmos.eclipse`, in the order in which they are best applied. */
export const customKinds = [
  tenantKind,
  capabilityGrantKind,
  agentKind,
  channelKind,
  channelRoutingKind,
  channelRolloutKind,
] as const;
