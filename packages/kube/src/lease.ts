/** The Lease object of `coordination.k8s.io/v1`, as far as leader election reads and writes it. */
import { isRecord } from "@lmos/primitives";
import { KubeError } from "./errors.ts";
import type { KubeObject } from "./object.ts";
import type { ResourceType } from "./resource-type.ts";

/** Who leads and since when. Times are RFC 3339 with microseconds, for people: nothing is decided by them. */
export interface LeaseSpec {
  /** Empty when the last leader has released it. */
  readonly holderIdentity?: string | undefined;
  readonly leaseDurationSeconds?: number | undefined;
  readonly acquireTime?: string | undefined;
  readonly renewTime?: string | undefined;
  /** Grows with each new leadership: its term. */
  readonly leaseTransitions?: number | undefined;
}

/** A lease. */
export interface Lease extends KubeObject {
  readonly spec?: LeaseSpec | undefined;
}

/** Leases. */
export const leaseResource: ResourceType<Lease> = {
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  namespaced: true,
  parse: (value) => {
    if (isLease(value)) return value;
    throw new KubeError("ProtocolError", "not a lease");
  },
};

function isLease(value: unknown): value is Lease {
  if (!isRecord(value)) return false;
  const spec = value["spec"];
  if (spec === undefined) return true;
  if (!isRecord(spec)) return false;
  const { holderIdentity, leaseDurationSeconds, leaseTransitions } = spec;
  return (
    isAbsentOr("string", holderIdentity) &&
    isAbsentOr("number", leaseDurationSeconds) &&
    isAbsentOr("number", leaseTransitions)
  );
}

function isAbsentOr(type: "string" | "number", value: unknown): boolean {
  return value === undefined || value === null || typeof value === type;
}
