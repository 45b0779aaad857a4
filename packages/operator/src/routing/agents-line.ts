/** The agents of a routing in one text, which `kubectl get channelroutings` shows as it stands. */
import type { CapabilityGroup, ChannelRouting } from "@lmos/resources";

/** So many names fit into a line that people read; the number of the others follows. */
const namedAgents = 8;

/** `billing-agent,order-agent`, `a,b,c,d,e,f,g,h +3`; nothing where there is no agent. */
export function agentsLine(
  groups: readonly Pick<CapabilityGroup, "name">[],
): Pick<ChannelRouting["spec"], "agents"> {
  if (groups.length === 0) return {};
  const names = groups.slice(0, namedAgents).map(({ name }) => name);
  const others = groups.length - names.length;
  return { agents: `${names.join(",")}${others === 0 ? "" : ` +${others}`}` };
}
