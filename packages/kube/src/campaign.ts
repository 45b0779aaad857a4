/** How a process becomes the leader: looks at the lease until it is free, then takes it with a higher term. */
import { withDeadline } from "@lmos/primitives";
import type { CallOptions } from "./client.ts";
import { isKubeError } from "./errors.ts";
import { microTime } from "./event-object.ts";
import type { HeldLease } from "./held-lease.ts";
import type { LeaderOptions } from "./leader-options.ts";
import { type Lease, type LeaseSpec, leaseResource } from "./lease.ts";
import { attemptMs, leaseSeconds, pauseMs } from "./lease-times.ts";

/** A state of the lease, and since when (monotonic) it has been seen. */
interface Sighting {
  readonly version: string | undefined;
  readonly sinceMs: number;
}

/** Resolves when the lease is ours; with undefined when aborted. Failures are logged and tried again for ever. */
export async function campaign(options: LeaderOptions): Promise<HeldLease | undefined> {
  const { clock, signal } = options;
  let sighting: Sighting | undefined;
  while (!signal.aborted) {
    const { held, seen, freeInMs } = await tryOnce(options, sighting);
    if (held !== undefined) return held;
    sighting = seen;
    await clock.sleep(Math.min(pauseMs(options.random), freeInMs), { signal }).catch(() => undefined);
  }
  return undefined;
}

interface Attempt {
  readonly held?: HeldLease;
  readonly seen: Sighting | undefined;
  /** When the lease runs out, as far as is known. */
  readonly freeInMs: number;
}

async function tryOnce(options: LeaderOptions, before: Sighting | undefined): Promise<Attempt> {
  const { client, clock, logger, signal } = options;
  using deadline = withDeadline("looking at the lease", attemptMs, { signal, clock });
  try {
    const lease = await client.get(leaseResource, options.lease, { signal: deadline.signal });
    const seen = see(lease, before, clock.monotonic());
    const freeInMs = freeIn(lease, seen, options);
    if (freeInMs > 0) return { seen, freeInMs };
    return { held: await take(lease, options, deadline), seen, freeInMs: Number.POSITIVE_INFINITY };
  } catch (error) {
    const lostRace = isKubeError(error, "Conflict") || isKubeError(error, "AlreadyExists");
    if (!signal.aborted)
      logger[lostRace ? "debug" : "warn"]("the lease can't be taken, trying again", { error });
    return { seen: before, freeInMs: Number.POSITIVE_INFINITY };
  }
}

function see(lease: Lease | undefined, before: Sighting | undefined, nowMs: number): Sighting {
  const version = lease?.metadata.resourceVersion;
  return before !== undefined && before.version === version ? before : { version, sinceMs: nowMs };
}

/** Milliseconds until the lease may be taken: none when nobody, or this very process, holds it. */
function freeIn(lease: Lease | undefined, { sinceMs }: Sighting, { identity, clock }: LeaderOptions): number {
  const { holderIdentity, leaseDurationSeconds } = lease?.spec ?? {};
  if (!holderIdentity || holderIdentity === identity) return 0;
  return Math.max(0, sinceMs + (leaseDurationSeconds ?? leaseSeconds) * 1_000 - clock.monotonic());
}

async function take(lease: Lease | undefined, options: LeaderOptions, call: CallOptions): Promise<HeldLease> {
  const { client, clock, identity, highestTerm } = options;
  const { signal } = call;
  const inUse = (await highestTerm?.({ signal })) ?? 0;
  const term = Math.max(lease?.spec?.leaseTransitions ?? 0, inUse) + 1;
  const now = microTime(clock.now());
  const spec: LeaseSpec = {
    holderIdentity: identity,
    leaseDurationSeconds: leaseSeconds,
    acquireTime: now,
    renewTime: now,
    leaseTransitions: term,
  };
  const askedAtMs = clock.monotonic();
  const written =
    lease === undefined
      ? await client.create(leaseResource, newLease(options, spec), { signal })
      : await client.replace(leaseResource, { ...lease, spec }, { signal });
  return { lease: written, term, renewedAtMs: askedAtMs };
}

function newLease({ lease }: LeaderOptions, spec: LeaseSpec): Lease {
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { ...lease }, spec };
}
