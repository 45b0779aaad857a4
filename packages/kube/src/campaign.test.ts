/** When a lease may be taken: by what was seen of it here, never by the times that it says. */
import { silentLogger } from "@lmos/primitives";
import { FakeClock, SeededRandom } from "@lmos/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { campaign } from "./campaign.ts";
import type { HeldLease } from "./held-lease.ts";
import type { LeaderOptions } from "./leader-options.ts";
import type { Lease, LeaseSpec } from "./lease.ts";
import { FakeLeases } from "./testing/fake-leases.ts";

const name = { namespace: "home", name: "test" };

function leaseWith(spec: LeaseSpec | undefined, version = "1"): Lease {
  const metadata = { ...name, resourceVersion: version };
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, ...(spec && { spec }) };
}

/** A campaign of `me` for a lease as it is at the start. */
function start(lease: Lease | undefined, options: Partial<LeaderOptions> = {}) {
  const clock = new FakeClock();
  const leases = new FakeLeases();
  leases.lease = lease;
  const stop = new AbortController();
  const startedAtMs = clock.monotonic();
  let held: HeldLease | undefined;
  let takenAfterMs: number | undefined;
  const running = campaign({
    client: leases.clientFor({}),
    lease: name,
    identity: "me",
    clock,
    random: new SeededRandom(1),
    logger: silentLogger,
    signal: stop.signal,
    ...options,
  }).then((won) => {
    held = won;
    if (won !== undefined) takenAfterMs = clock.monotonic() - startedAtMs;
  });
  return {
    clock,
    leases,
    held: () => held,
    takenAfterMs: () => takenAfterMs,
    stop: async () => {
      stop.abort();
      await running;
    },
  };
}

interface Case {
  readonly name: string;
  readonly lease: Lease | undefined;
  readonly afterMs: number;
  readonly term: number;
}

const other = { holderIdentity: "other", leaseDurationSeconds: 15, leaseTransitions: 4 };
const cases: readonly Case[] = [
  { name: "there is none", lease: undefined, afterMs: 0, term: 1 },
  { name: "it says nothing", lease: leaseWith(undefined), afterMs: 0, term: 1 },
  { name: "it was released", lease: leaseWith({ ...other, holderIdentity: "" }), afterMs: 0, term: 5 },
  {
    name: "this very process holds it",
    lease: leaseWith({ ...other, holderIdentity: "me" }),
    afterMs: 0,
    term: 5,
  },
  { name: "another holds it", lease: leaseWith(other), afterMs: 15_000, term: 5 },
  {
    name: "another holds it for longer",
    lease: leaseWith({ ...other, leaseDurationSeconds: 60 }),
    afterMs: 60_000,
    term: 5,
  },
  {
    name: "another holds it and does not say for how long",
    lease: leaseWith({ holderIdentity: "other" }),
    afterMs: 15_000,
    term: 1,
  },
  {
    name: "another holds it whose clock is years behind",
    lease: leaseWith({ ...other, renewTime: "1999-01-01T00:00:00.000000Z" }),
    afterMs: 15_000,
    term: 5,
  },
  {
    name: "another holds it whose clock is years ahead",
    lease: leaseWith({ ...other, renewTime: "2099-01-01T00:00:00.000000Z" }),
    afterMs: 15_000,
    term: 5,
  },
];

describe("a lease is taken", () => {
  it.each(cases)("after $afterMs ms, with term $term, where $name", async ({ lease, afterMs, term }) => {
    const { clock, held, takenAfterMs, stop } = start(lease);
    if (afterMs > 0) await clock.advance(afterMs - 1);
    if (afterMs > 0) expect(held()).toBeUndefined();
    await clock.advance(afterMs > 0 ? 1 : 0);
    expect(takenAfterMs()).toBe(afterMs);
    expect(held()?.term).toBe(term);
    await stop();
  });

  it("not as long as it is seen to change", async () => {
    const { clock, leases, held, stop } = start(leaseWith(other));
    for (let version = 2; version < 30; version++) {
      await clock.advance(10_000);
      leases.lease = leaseWith(other, String(version));
    }
    expect(held()).toBeUndefined();
    await clock.advance(17_000); // a look is at most 2 s away, then its duration
    expect(held()?.term).toBe(5);
    await stop();
  });

  it("with a term above all that is in use", async () => {
    const { clock, held, stop } = start(leaseWith({ ...other, holderIdentity: "" }), {
      highestTerm: async () => 41,
    });
    await clock.advance(0);
    expect(held()?.term).toBe(42);
    await stop();
  });

  it("by nobody once it is stopped", async () => {
    const { clock, held, stop } = start(leaseWith(other));
    await clock.advance(5_000);
    await stop();
    expect(held()).toBeUndefined();
  });

  it("never while its holder renews in time, and within 17 s after it has ceased to, whenever that is", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 500, max: 12_000 }), { maxLength: 12 }), async (pauses) => {
        const { clock, leases, held, takenAfterMs, stop } = start(leaseWith(other));
        let lastRenewedMs = 0;
        for (const [index, ms] of pauses.entries()) {
          await clock.advance(ms);
          lastRenewedMs += ms;
          expect(held()).toBeUndefined();
          leases.lease = leaseWith(other, String(index + 2));
        }
        await clock.advance(30_000);
        const lateMs = (takenAfterMs() ?? 0) - lastRenewedMs;
        expect(lateMs).toBeGreaterThanOrEqual(15_000);
        expect(lateMs).toBeLessThanOrEqual(17_000);
        await stop();
      }),
      { numRuns: 50 },
    ));
});
