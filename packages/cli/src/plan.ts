/** What applying some objects would change in the wiring of a cluster: the operator's own decision, asked beforehand. Pure. */
import { keyOf, keyText } from "@lmos/kube";
import { type ChannelForecast, forecastChannels } from "@lmos/operator";
import { type WiredChannel, wireAll, wireText } from "./wiring.ts";
import type { World } from "./world.ts";

/** A channel, how it would be wired if all were new, and what the operator would make of its routing. */
export interface PlannedChannel extends WiredChannel {
  /** Undefined for one that is being deleted. */
  readonly decision: ChannelForecast["decision"] | undefined;
}

/** Plans all channels, ordered by namespace and name. */
export function planAll(world: World, nowMs: number): readonly PlannedChannel[] {
  const forecasts = forecastChannels(world, { mode: world.mode, nowMs });
  const byKey = new Map(forecasts.map((one) => [keyText(keyOf(one.channel)), one]));
  return wireAll(world).map((wired) => {
    const forecast = byKey.get(keyText(keyOf(wired.channel)));
    const after = (forecast?.wires ?? []).map(wireText).sort();
    return { ...wired, after, decision: forecast?.decision };
  });
}
