/** Wires as a revision and a routing keep them. */
import type { Wire } from "@lmos/resolver";
import type { ChannelRevision, ChannelRouting } from "@lmos/resources";
import { distinctWires } from "./distinct-wires.ts";

/** One wire of a revision. */
export type RevisionWire = ChannelRevision["wires"][number];

/** The wires of a resolution as a revision keeps them. */
export function revisionWires(wires: readonly Wire[]): readonly RevisionWire[] {
  return distinctWires(wires).map(({ requirement, capability, provider }) => ({
    agent: provider.name,
    id: capability.id,
    name: capability.name,
    requiredVersion: requirement.range,
    providedVersion: capability.version,
    host: provider.host,
  }));
}

/** The wires that a routing holds. */
export function routedWires(routing: ChannelRouting | undefined): readonly RevisionWire[] {
  return (routing?.spec.capabilityGroups ?? []).flatMap((group) =>
    group.capabilities.map(({ id, name, requiredVersion, providedVersion, host }) => {
      return { agent: group.name, id, name, requiredVersion, providedVersion, host };
    }),
  );
}
