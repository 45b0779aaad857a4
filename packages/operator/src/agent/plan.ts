/** The one write that an Agent's status takes. */
import { type AgentStatus, apiVersion } from "@lmos/resources";
import type { Command } from "../commands.ts";
import { agentStatusManager } from "../field-managers.ts";
import type { AgentInput } from "./gather.ts";

/** The plan; its step is left out when the status is like that already. */
export function planAgent(status: AgentStatus, { agent }: AgentInput): readonly Command[] {
  const { name, namespace } = agent.metadata;
  const desired = {
    apiVersion,
    kind: "Agent",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    status,
  };
  return [
    {
      kind: "apply",
      target: "Agent",
      subresource: "status",
      fieldManager: agentStatusManager,
      live: agent,
      desired,
    },
  ];
}
