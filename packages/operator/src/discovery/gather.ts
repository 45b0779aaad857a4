/** Reads what the Agent of a Deployment depends on: objects from the stores, and the agent's own document when due. */
import type { CallOptions, ObjectKey } from "@lmos/kube";
import type { Agent, Deployment } from "@lmos/resources";
import { isRolledOut } from "../rollout.ts";
import { servicesSelecting } from "../selection.ts";
import type { Stores } from "../stores.ts";
import { isForeign } from "./ownership.ts";
import type { Reading, Readings } from "./readings.ts";
import { findTarget, type TargetFinding } from "./target.ts";

/** Everything that the Agent of one Deployment depends on. */
export interface DiscoveryInput {
  readonly deployment: Deployment;
  /** The Agent of the same name, whoever wrote it. */
  readonly agent: Agent | undefined;
  readonly target: TargetFinding;
  /** Undefined where nothing may or can be read now. */
  readonly reading: Reading | undefined;
}

/** What gathering works with. `local` means: find processes by the annotation of their Service. */
export interface DiscoveryGathering {
  readonly stores: Stores;
  readonly readings: Readings;
  readonly local: boolean;
}

/** The input for a key, or undefined where there is no such Deployment (any more). */
export async function gatherDiscovery(
  key: ObjectKey,
  { stores, readings, local }: DiscoveryGathering,
  options: CallOptions,
): Promise<DiscoveryInput | undefined> {
  const deployment = stores.deployments.get(key);
  if (deployment === undefined || deployment.metadata.deletionTimestamp !== undefined) {
    readings.forget(key);
    return undefined;
  }
  const agent = stores.agents.get(key);
  const target = findTarget(deployment, servicesSelecting(deployment, stores), { local });
  const isReadable =
    target.kind === "found" && isRolledOut(deployment) && !(agent && isForeign(agent, deployment));
  if (!isReadable) return { deployment, agent, target, reading: undefined };
  const subject = `${deployment.metadata.uid} ${deployment.metadata.generation} ${target.origin}`;
  const reading = await readings.current(key, { subject, origin: target.origin }, options);
  return { deployment, agent, target, reading };
}
