/** Findings about Channels. Pure. */
import { keyOf, keyText } from "@lmos/kube";
import { permits } from "@lmos/operator";
import { explainCause, explainUnmet } from "@lmos/resolver";
import { type Channel, channelIdentityOf, missingLabelsOf } from "@lmos/resources";
import { byAge, elderDuplicates } from "../duplicates.ts";
import { type WiredChannel, wireAll } from "../wiring.ts";
import type { World } from "../world.ts";
import { type Finding, finding } from "./finding.ts";

/** The findings about the world's Channels. */
export function channelFindings(world: World): readonly Finding[] {
  return [
    ...wireAll(world).flatMap((wired) => [...refused(wired), ...unprovided(wired), ...ungranted(wired)]),
    ...world.channels.flatMap(unlabelled),
    ...duplicates(world.channels.filter((channel) => missingLabelsOf(channel).length === 0)),
  ];
}

function refused({ channel, grants }: WiredChannel): readonly Finding[] {
  return grants?.refusal === undefined ? [] : [finding("LMOS105", channel, explainCause(grants.refusal))];
}

function unprovided({ channel, resolution, grants }: WiredChannel): readonly Finding[] {
  if (resolution.kind === "resolved" || (grants?.mode === "enforce" && grants.refusal !== undefined))
    return [];
  return resolution.unmet.map((one) =>
    finding("LMOS101", channel, `${one.requirement.name}: ${explainUnmet(one)}`),
  );
}

/** Where grants are enforced it is not wired, and has another finding. */
function ungranted({ channel, resolution, grants }: WiredChannel): readonly Finding[] {
  if (grants?.mode !== "audit" || grants.refusal !== undefined) return [];
  const wires = resolution.wires.map(({ capability, provider }) => {
    return { agent: provider.name, name: capability.name, providedVersion: capability.version };
  });
  return wires
    .filter((wire) => !permits(grants, wire))
    .map(({ agent, name, providedVersion }) =>
      finding("LMOS301", channel, `${name} ${providedVersion} of ${agent} is wired and not granted`),
    );
}

function unlabelled(channel: Channel): readonly Finding[] {
  return missingLabelsOf(channel).map((label) => finding("LMOS102", channel, `it has no label ${label}`));
}

/** Each younger Channel of an identity: beside the elder of its namespace, or else of the eldest of another. */
function duplicates(channels: readonly Channel[]): readonly Finding[] {
  const elders = elderDuplicates(channels);
  const eldest = new Map<string, Channel>();
  return channels.toSorted(byAge).flatMap((channel) => {
    const identity = JSON.stringify(channelIdentityOf(channel));
    const first = eldest.get(identity);
    if (first === undefined) eldest.set(identity, channel);
    const neighbour = elders.get(channel);
    const other = neighbour ?? first;
    if (other === undefined) return [];
    const message = `${keyText(keyOf(other))} has the same tenant, channel and subset`;
    return [finding(neighbour === undefined ? "LMOS104" : "LMOS103", channel, message)];
  });
}
