/** The one write that an Agent's status takes, and events about what nobody granted. */
import { type AgentStatus, apiVersion, conditionOf } from "@lmos/resources";
import type { Command } from "../commands.ts";
import { agentStatusManager } from "../field-managers.ts";
import type { AgentInput } from "./gather.ts";

/** The plan; its write is left out when the status is like that already. */
export function planAgent(status: AgentStatus, input: Pick<AgentInput, "agent">): readonly Command[] {
  const { name, namespace } = input.agent.metadata;
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
      live: input.agent,
      desired,
    },
    ...faultEvents(status, input),
  ];
}

/** One when such a condition becomes false, and none while it stays so. */
function faultEvents(status: AgentStatus, { agent }: Pick<AgentInput, "agent">): readonly Command[] {
  return ["Granted", "NamesValid"].flatMap((type): readonly Command[] => {
    const before = conditionOf(agent.status?.conditions, type);
    const after = conditionOf(status.conditions, type);
    if (after?.status !== "False" || before?.status === "False") return [];
    const { reason, message: note } = after;
    return [{ kind: "record", event: { regarding: agent, type: "Warning", reason, action: "Check", note } }];
  });
}
