/** What a ChannelRollout asks for, read so that nobody loses a channel by a slip of the pen. */
import type { ChannelRollout } from "@lmos/resources";

/** A rollout that can be followed. */
export interface RolloutPlan {
  /** Of the ChannelRollout: a new one divides the conversations anew. */
  readonly uid: string;
  /** Names of Channel objects, in the rollout's namespace. */
  readonly stable: string;
  readonly canary: string;
  /** Share of new conversations that the canary gets, in per cent. */
  readonly weight: number;
}

/** A plan, or what is wrong with the rollout: field, value and remedy. */
export type RolloutVerdict =
  | { readonly kind: "valid"; readonly plan: RolloutPlan }
  | { readonly kind: "invalid"; readonly message: string };

const whole = 100;

/** Reads one. Weights must be whole per cents that make 100, and the two channels must differ. */
export function readRollout({ metadata, spec }: ChannelRollout): RolloutVerdict {
  const { stableChannel: stable, canaryChannel: canary } = spec.strategy.canary;
  if (stable.name === canary.name) {
    return invalid(`stableChannel and canaryChannel are both ${stable.name}: name two channels`);
  }
  const outside = [stable, canary].find(({ weight }) => weight < 0 || weight > whole);
  if (outside !== undefined) {
    return invalid(`the weight of ${outside.name} is ${outside.weight}: give 0 to 100`);
  }
  if (stable.weight + canary.weight !== whole) {
    return invalid(`the weights ${stable.weight} and ${canary.weight} do not make ${whole}`);
  }
  const uid = metadata.uid ?? `${metadata.namespace ?? ""}/${metadata.name}`;
  return {
    kind: "valid",
    plan: { uid, stable: stable.name, canary: canary.name, weight: canary.weight },
  };
}

function invalid(message: string): RolloutVerdict {
  return { kind: "invalid", message };
}
