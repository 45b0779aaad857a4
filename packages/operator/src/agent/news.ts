/** Whether an Agent says anything new. Which generation of it was looked at is told in its status, and is no news by itself. */
import { jsonEqual } from "@lmos/primitives";
import type { Agent, AgentStatus } from "@lmos/resources";

/** True where only the generation that it speaks of is another one: all that is known is the same. */
export function saysNothingNew(status: AgentStatus, before: AgentStatus | undefined): boolean {
  if (before === undefined || before.observedGeneration === status.observedGeneration) return false;
  return jsonEqual(withoutGenerations(status), withoutGenerations(before));
}

/** True where two versions of an Agent differ in nothing that a Channel could be wired by. */
export function isSameToChannels(before: Agent, after: Agent): boolean {
  return (
    jsonEqual(before.spec, after.spec) &&
    jsonEqual(withoutVersion(before.metadata), withoutVersion(after.metadata)) &&
    jsonEqual(withoutGenerations(before.status), withoutGenerations(after.status))
  );
}

function withoutGenerations(status: AgentStatus | undefined): object | undefined {
  if (status === undefined) return undefined;
  const { observedGeneration: _, conditions = [], ...rest } = status;
  return {
    ...rest,
    conditions: conditions.map(({ observedGeneration: _generation, ...condition }) => condition),
  };
}

function withoutVersion({ resourceVersion: _, ...metadata }: Agent["metadata"]): object {
  return metadata;
}
