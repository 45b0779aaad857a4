import { silentLogger } from "@lmos/primitives";
import { FakeClock, SeededRandom } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { KubeError } from "./errors.ts";
import { type Leadership, runAsLeader } from "./leader.ts";
import type { LeaderOptions } from "./leader-options.ts";
import { leaseResource } from "./lease.ts";
import { FakeLeases } from "./testing/fake-leases.ts";

interface Faults {
  failure?: KubeError | undefined;
  hang?: boolean;
  loseAnswers?: boolean;
}

/** A process that stands for election. Its work lasts until it is told to end. */
class Process {
  readonly faults: Faults = {};
  readonly terms: number[] = [];
  leadership: Leadership | undefined;
  /** How long its work takes to end. */
  cleanUp: Promise<void> = Promise.resolve();
  readonly running: Promise<void>;
  readonly #stop = new AbortController();

  constructor(
    leases: FakeLeases,
    clock: FakeClock,
    options: Partial<LeaderOptions> & { readonly identity: string },
  ) {
    const seed = [...options.identity].reduce((sum, character) => sum + character.charCodeAt(0), 0);
    this.running = runAsLeader(
      {
        client: leases.clientFor(this.faults),
        lease: { namespace: "home", name: "test" },
        clock,
        random: new SeededRandom(seed),
        logger: silentLogger,
        signal: this.#stop.signal,
        ...options,
      },
      (leadership) => this.#work(leadership),
    );
  }

  get leads(): boolean {
    return this.leadership !== undefined && !this.leadership.signal.aborted;
  }

  stop(): Promise<void> {
    this.#stop.abort(new Error("stop"));
    return this.running;
  }

  async #work(leadership: Leadership): Promise<void> {
    this.leadership = leadership;
    this.terms.push(leadership.term);
    await new Promise<void>((resolve) =>
      leadership.signal.addEventListener("abort", () => resolve(), { once: true }),
    );
    await this.cleanUp;
  }
}

class World {
  readonly clock = new FakeClock();
  readonly leases = new FakeLeases();
  readonly processes: Process[] = [];

  async start(identity: string, options: Partial<LeaderOptions> = {}): Promise<Process> {
    const process = new Process(this.leases, this.clock, { ...options, identity });
    this.processes.push(process);
    await this.clock.advance(0);
    return process;
  }

  /** Milliseconds until `condition` holds, looked at every 100 ms. */
  async until(condition: () => boolean): Promise<number> {
    for (let ms = 0; ms < 120_000; ms += 100) {
      if (condition()) return ms;
      await this.clock.advance(100);
    }
    throw new Error("it never happened");
  }

  async end(): Promise<void> {
    for (const { faults } of this.processes) Object.assign(faults, { hang: false });
    const stopped = Promise.all(this.processes.map((process) => process.stop()));
    await this.clock.advance(0);
    await stopped;
  }
}

const gone = new KubeError("Unreachable", "no connection");
const later = new KubeError("TooManyRequests", "later", { details: { retryAfterMs: 3_000 } });

/** Cuts three processes off and lets them back at random for 150 s. */
async function mostLeadersAtOnce(seed: number): Promise<number> {
  const world = new World();
  const random = new SeededRandom(seed);
  let most = 0;
  for (const name of ["a", "b", "c"]) await world.start(`${name}${seed}`);
  for (let step = 0; step < 300; step++) {
    const process = world.processes[Math.floor(random.next() * 3)];
    if (step % 20 === 0)
      Object.assign(process?.faults ?? {}, { failure: random.next() < 0.6 ? gone : undefined });
    await world.clock.advance(500);
    most = Math.max(most, world.processes.filter(({ leads }) => leads).length);
  }
  await world.end();
  return most;
}

describe("leader election", () => {
  it("makes the first one the leader at once, and keeps it the leader", async () => {
    const world = new World();
    const first = await world.start("first");
    const second = await world.start("second");
    await world.clock.advance(120_000);
    expect([first.leads, second.leads]).toEqual([true, false]);
    expect(first.terms).toEqual([1]);
    expect(world.leases.lease?.spec).toMatchObject({ holderIdentity: "first", leaseDurationSeconds: 15 });
    await world.end();
  });

  it("hands over within two seconds when the leader stops", async () => {
    const world = new World();
    const first = await world.start("first");
    const second = await world.start("second");
    await world.clock.advance(7_000);
    await first.stop();
    expect(world.leases.lease?.spec).toMatchObject({ holderIdentity: "", leaseTransitions: 1 });
    expect(await world.until(() => second.leads)).toBeLessThanOrEqual(2_000);
    expect(second.terms).toEqual([2]);
    await world.end();
  });

  it("knows that its time is over before any timer has told it", async () => {
    const world = new World();
    let sleptMs = 0; // the process was stopped: time has passed, no timer has run
    const { clock } = world;
    const first = await world.start("first", {
      clock: {
        now: () => clock.now(),
        monotonic: () => clock.monotonic() + sleptMs,
        sleep: (ms, options) => clock.sleep(ms, options),
      },
    });
    expect(first.leadership?.isCurrent()).toBe(true);
    sleptMs = 60_000;
    expect([first.leads, first.leadership?.isCurrent()]).toEqual([true, false]);
    await world.end();
  });

  it("tells a leadership that is lost from one that ends in order", async () => {
    const world = new World();
    const [first, second] = [await world.start("first"), await world.start("second")];
    await first.stop();
    await world.until(() => second.leads);
    second.faults.failure = gone;
    await world.until(() => !second.leads);
    expect([first.leadership?.lost.aborted, second.leadership?.lost.aborted]).toEqual([false, true]);
    await world.end();
  });

  it("keeps the lease while the leader's work still ends", async () => {
    const world = new World();
    const first = await world.start("first");
    const second = await world.start("second");
    const cleanUp = Promise.withResolvers<void>();
    first.cleanUp = cleanUp.promise;
    const stopped = first.stop();
    await world.clock.advance(20_000);
    expect(second.leads).toBe(false);
    cleanUp.resolve();
    await stopped;
    expect(await world.until(() => second.leads)).toBeLessThanOrEqual(2_000);
    await world.end();
  });

  it("replaces a leader that died within 17 seconds, and not before its lease has run out", async () => {
    for (const delayMs of [0, 300, 900, 1_700, 2_500]) {
      const world = new World();
      const first = await world.start("first");
      const second = await world.start("second");
      await world.clock.advance(10_000 + delayMs);
      Object.assign(first.faults, { hang: true });
      const tookMs = await world.until(() => second.leads);
      expect(tookMs).toBeLessThanOrEqual(17_000);
      expect(tookMs).toBeGreaterThan(13_000);
      await world.end();
    }
  });

  it.each([
    { name: "hangs", faults: { hang: true } },
    { name: "fails", faults: { failure: gone } },
    { name: "says 429", faults: { failure: new KubeError("TooManyRequests", "later") } },
  ])("ends a leadership before anybody else may take over when every call $name", async ({ faults }) => {
    const world = new World();
    const first = await world.start("first");
    const second = await world.start("second");
    await world.clock.advance(10_000);
    Object.assign(first.faults, faults);
    const lostMs = await world.until(() => !first.leads);
    expect(lostMs).toBeLessThanOrEqual(10_100);
    expect(second.leads).toBe(false);
    await world.end();
  });

  it.each([
    { name: "half a second after it failed", faults: { failure: gone }, between: [400, 600] },
    { name: "not before the server asked for it", faults: { failure: later }, between: [3_400, 3_600] },
    // Four seconds until it is given up; it may have been waiting for as long as the server asked.
    {
      name: "in its usual time after one that took too long",
      faults: { hang: true },
      between: [5_200, 5_600],
    },
  ])("tries a renewal again $name", async ({ faults, between: [earliest = 0, latest = 0] }) => {
    const world = new World();
    const own: Faults = {};
    const inner = world.leases.clientFor(own);
    const askedAtMs: number[] = [];
    const client: LeaderOptions["client"] = {
      ...inner,
      replace: (type, object, options) => {
        askedAtMs.push(world.clock.monotonic());
        return inner.replace(type, object, options);
      },
    };
    await world.start("first", { client });
    Object.assign(own, faults);
    await world.clock.advance(8_000);
    const [failed = 0, again = 0] = askedAtMs;
    expect(again - failed).toBeGreaterThanOrEqual(earliest);
    expect(again - failed).toBeLessThanOrEqual(latest);
    own.hang = false;
    await world.end();
  });

  it("outlives an API server that is away for less than ten seconds", async () => {
    const world = new World();
    const first = await world.start("first");
    await world.clock.advance(10_000);
    first.faults.failure = gone;
    await world.clock.advance(7_000);
    first.faults.failure = undefined;
    await world.clock.advance(60_000);
    expect(first.terms).toEqual([1]);
    expect(first.leads).toBe(true);
    await world.end();
  });

  it("knows its own renewal again when the answer was lost", async () => {
    const world = new World();
    const first = await world.start("first");
    first.faults.loseAnswers = true;
    await world.clock.advance(3_000);
    first.faults.loseAnswers = false;
    await world.clock.advance(30_000);
    expect(first.terms).toEqual([1]);
    expect(first.leads).toBe(true);
    await world.end();
  });

  it("stays the leader when renewals conflict again and again and the lease is still its own", async () => {
    const world = new World();
    const client = world.leases.clientFor({});
    let conflicts = 0;
    const replace: typeof client.replace = async (...call) => {
      conflicts -= 1;
      if (conflicts >= 0) throw new KubeError("Conflict", "it was changed");
      return client.replace(...call);
    };
    const first = await world.start("first", { client: { ...client, replace } });
    conflicts = 4;
    await world.clock.advance(30_000);
    expect(first.terms).toEqual([1]);
    expect(first.leads).toBe(true);
    await world.end();
  });

  it("stays the leader although something in between answers its look with a conflict too", async () => {
    const world = new World();
    const client = world.leases.clientFor({});
    let refused = 0;
    const refuse = (): void => {
      refused -= 1;
      if (refused >= 0) throw new KubeError("Conflict", "says a broken proxy");
    };
    const first = await world.start("first", {
      client: {
        ...client,
        get: async (...call) => {
          refuse();
          return client.get(...call);
        },
        replace: async (...call) => {
          refuse();
          return client.replace(...call);
        },
      },
    });
    refused = 2;
    await world.clock.advance(30_000);
    expect(first.terms).toEqual([1]);
    expect(first.leads).toBe(true);
    await world.end();
  });

  it("stands again for ever, and leads with a higher term", async () => {
    const world = new World();
    const first = await world.start("first");
    const second = await world.start("second");
    first.faults.failure = gone;
    await world.until(() => second.leads);
    first.faults.failure = undefined;
    await world.clock.advance(3_600_000);
    second.faults.failure = gone;
    await world.until(() => first.leads);
    expect([first.terms, second.terms]).toEqual([[1, 3], [2]]);
    await world.end();
  });

  it("ends the leadership at once when somebody else has taken the lease", async () => {
    const world = new World();
    const first = await world.start("first");
    const { lease } = world.leases;
    if (lease === undefined) throw new Error("there is no lease");
    const thief = world.leases.clientFor({});
    const { signal } = new AbortController();
    await thief.replace(
      leaseResource,
      { ...lease, spec: { ...lease.spec, holderIdentity: "thief" } },
      { signal },
    );
    expect(await world.until(() => !first.leads)).toBeLessThanOrEqual(2_000);
    await world.end();
  });

  it("ends the leadership when the lease was deleted, and goes on above the terms in use when it is made again", async () => {
    const world = new World();
    let inUse = 0;
    const first = await world.start("first", { highestTerm: async () => inUse });
    inUse = 41;
    world.leases.lease = undefined;
    const before = first.leadership;
    expect(await world.until(() => before?.signal.aborted === true)).toBeLessThanOrEqual(2_000);
    await world.until(() => first.leads);
    expect(first.terms).toEqual([1, 42]);
    await world.end();
  });

  it("takes no lease while the terms in use can't be read", async () => {
    const world = new World();
    let failure: KubeError | undefined = gone;
    const highestTerm = async (): Promise<number> => {
      if (failure !== undefined) throw failure;
      return 7;
    };
    const first = await world.start("first", { highestTerm });
    await world.clock.advance(30_000);
    expect(world.leases.lease).toBeUndefined();
    failure = undefined;
    await world.until(() => first.leads);
    expect(first.terms).toEqual([8]);
    await world.end();
  });

  it.each([-3_600_000, 3_600_000])("does not mind a wall clock that is %d ms off", async (offsetMs) => {
    const world = new World();
    const { clock } = world;
    const skewed = {
      now: () => clock.now() + offsetMs,
      monotonic: () => clock.monotonic(),
      sleep: (ms: number, options: { readonly signal: AbortSignal }) => clock.sleep(ms, options),
    };
    const first = await world.start("first");
    const second = await world.start("second", { clock: skewed });
    await clock.advance(60_000);
    expect([first.terms, second.terms]).toEqual([[1], []]);
    await first.stop();
    await world.until(() => second.leads);
    await world.start("third");
    await clock.advance(60_000);
    expect(second.leads).toBe(true);
    expect(world.leases.lease?.spec?.leaseTransitions).toBe(2);
    await world.end();
  });

  it("never has two leaders, whoever is cut off and when", async () => {
    for (let seed = 1; seed <= 10; seed++) expect(await mostLeadersAtOnce(seed)).toBe(1);
  });

  it("resolves when the work ends by itself, and rejects with what it throws; either way the lease is free", async () => {
    const leases = new FakeLeases();
    const options: LeaderOptions = {
      client: leases.clientFor({}),
      lease: { namespace: "home", name: "test" },
      identity: "one",
      clock: new FakeClock(),
      random: new SeededRandom(1),
      logger: silentLogger,
      signal: new AbortController().signal,
    };
    await runAsLeader(options, async () => undefined);
    expect(leases.lease?.spec?.holderIdentity).toBe("");
    const broken = runAsLeader(options, () => Promise.reject(new Error("broken")));
    await expect(broken).rejects.toThrow("broken");
    expect(leases.lease?.spec).toMatchObject({ holderIdentity: "", leaseTransitions: 2 });
  });

  it("resolves without having led when it is stopped before", async () => {
    const world = new World();
    await world.start("first");
    const second = await world.start("second");
    await second.stop();
    expect(second.terms).toEqual([]);
    await world.end();
    expect(world.clock.sleeping).toBe(0);
  });
});
