/**
 * Brings one ChannelRouting to what it is to be: written as a whole, put back where somebody edited it, deleted. It runs
 * inside the reconcile of the Channel, so that a change reaches the routing without waiting in a second queue.
 */
import type { CallOptions } from "@lmos/kube";
import { applyCommands, type Writers } from "../apply.ts";
import type { DesiredRouting, RoutingSubject } from "./desired.ts";
import { planRouting } from "./plan.ts";

/** Nothing is written where the routing is like that already. Throws the KubeError of a write that failed. */
export async function reconcileRouting(
  desired: DesiredRouting,
  subject: RoutingSubject,
  { writers, ...options }: CallOptions & { readonly writers: Writers },
): Promise<void> {
  await applyCommands(planRouting(desired, subject), writers, options);
}
