import { agentKind } from "./agent.ts";
import { channelKind } from "./channel.ts";
import { channelRolloutKind } from "./channel-rollout.ts";
import { channelRoutingKind } from "./channel-routing.ts";

/** All kinds of `lmos.eclipse/v1`, in the order in which they are best applied. */
export const customKinds = [agentKind, channelKind, channelRoutingKind, channelRolloutKind] as const;
