/**
 * Whose points are in a collection. LMOS names it `{tenant}-{channel}-{subset}`, so that `a-b` with `c` and `a` with `b-c`
 * share one: each of our points says whose it is in a text more, which Kotlin components don't look at. Points without it
 * are theirs, and count for whoever asks under that name.
 */
import type { ChannelScope } from "../lmos/example-store.ts";

/** The member of a point's payload. */
export const scopeKey = "lmosScope";

/** Its text for a scope, in which no two scopes are equal. */
export function scopeLabel({ tenant, channel, subset }: ChannelScope): string {
  return JSON.stringify([tenant, channel, subset]);
}

const isUnlabelled = { is_empty: { key: scopeKey } };

/** Qdrant's filter for points of the scope, and for those of nobody in particular. */
export function ownOrUnlabelled(scope: ChannelScope): object {
  return { should: [isOf(scope), isUnlabelled] };
}

/** Qdrant's filter for points of other scopes. */
export function labelledForOthers(scope: ChannelScope): object {
  return { must_not: [isOf(scope), isUnlabelled] };
}

function isOf(scope: ChannelScope): object {
  return { key: scopeKey, match: { value: scopeLabel(scope) } };
}
