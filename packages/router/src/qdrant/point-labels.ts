/**
 * Whose points are in a collection, and of which model. LMOS names it `{tenant}-{channel}-{subset}`, so that `a-b` with `c` and
 * `a` with `b-c` share one, and nothing says which model its vectors are of: each of our points says both in two texts more,
 * which Kotlin components don't look at. Points without them are theirs, and count for whoever asks under that name.
 */
import type { ChannelScope } from "../lmos/example-store.ts";

/** Of a point's payload: whose it is. */
export const scopeKey = "lmosScope";
/** Of a point's payload: the id of the model that its vector is of. */
export const modelKey = "lmosModel";

/** The text of {@link scopeKey} for a scope, in which no two scopes are equal. */
export function scopeLabel({ tenant, channel, subset }: ChannelScope): string {
  return JSON.stringify([tenant, channel, subset]);
}

const hasNo = (key: string): object => ({ is_empty: { key } });
const says = (key: string, value: string): object => ({ key, match: { value } });

/** Qdrant's filter for points that may be compared: those of scope and model, and those that say nothing of one or both. */
export function comparable(scope: ChannelScope, modelId: string): object {
  const unlessOther = (key: string, value: string): object => ({ should: [says(key, value), hasNo(key)] });
  return { must: [unlessOther(scopeKey, scopeLabel(scope)), unlessOther(modelKey, modelId)] };
}

/** Qdrant's filter for an agent's points that say that they are of scope and model. */
export function ownOfAgent(scope: ChannelScope, modelId: string, agentId: string): object {
  return {
    must: [says(scopeKey, scopeLabel(scope)), says(modelKey, modelId), says("agentId", agentId)],
  };
}

/** Qdrant's filter for points of other scopes. */
export function labelledForOthers(scope: ChannelScope): object {
  return { must_not: [says(scopeKey, scopeLabel(scope)), hasNo(scopeKey)] };
}
