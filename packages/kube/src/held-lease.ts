/** How a leader stays one: renews the lease until its work is done, says when it is lost, and releases it at the end. */
import { type Random, withDeadline } from "@lmos/primitives";
import type { CallOptions } from "./client.ts";
import { isKubeError, KubeError } from "./errors.ts";
import { microTime } from "./event-object.ts";
import type { LeaderOptions } from "./leader-options.ts";
import { type Lease, type LeaseSpec, leaseResource } from "./lease.ts";
import { attemptMs, pauseMs, releaseMs, renewDeadlineMs, retryPauseMs } from "./lease-times.ts";
import { askedWaitMs } from "./outage.ts";

/** A lease that this process holds, as it was last written. */
export interface HeldLease {
  readonly lease: Lease;
  readonly term: number;
  /** When (monotonic) its last renewal was asked for: it was not renewed later than that. */
  readonly renewedAtMs: number;
}

/** The time of holding a lease. Disposing it ends the renewals and, unless it was lost, releases the lease. */
export interface Tenure extends AsyncDisposable {
  /** Aborted when the lease is lost. */
  readonly lost: AbortSignal;
  /** Whether the lease is held at this very moment, also when no timer had the time to notice that it is not. */
  isHeld(): boolean;
}

/** Begins to renew. */
export function holdLease(options: LeaderOptions, held: HeldLease): Tenure {
  return new Renewing(options, held);
}

class Renewing implements Tenure {
  readonly #options: LeaderOptions;
  readonly #lost = new AbortController();
  readonly #ended = new AbortController();
  readonly #renewing: Promise<void>;
  #held: HeldLease;
  /** Why the last renewal failed, if it did. */
  #failure: unknown;

  constructor(options: LeaderOptions, held: HeldLease) {
    this.#options = options;
    this.#held = held;
    this.#renewing = this.#keepRenewing();
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  isHeld(): boolean {
    return !this.#lost.signal.aborted && this.#leftMs() > 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.#renewing;
    if (!this.#lost.signal.aborted) await this.#release();
  }

  async #keepRenewing(): Promise<void> {
    while (!this.#ended.signal.aborted && !this.#lost.signal.aborted) await this.#renewOnce();
  }

  /** Waits, then renews; never throws. Losing the lease does not wait for a call that hangs. */
  async #renewOnce(): Promise<void> {
    const { clock, random, logger } = this.#options;
    using deadline = withDeadline("renewing the lease", Math.max(0, this.#leftMs()), {
      signal: this.#ended.signal,
      clock,
    });
    try {
      await clock.sleep(this.#pauseMs(random), { signal: deadline.signal });
      // A process that was stopped for a while wakes up here: its time may long be over.
      if (this.#leftMs() > 0) await this.#renew(deadline);
      this.#failure = undefined;
    } catch (error) {
      if (this.#ended.signal.aborted) return;
      this.#failure = error;
      if (isKubeError(error, "Conflict") || isKubeError(error, "NotFound")) this.#lose(error);
      else logger.warn("the lease can't be renewed, trying again", { error, leftMs: this.#leftMs() });
    }
    if (this.#leftMs() <= 0) this.#lose(new KubeError("Timeout", `not renewed for ${renewDeadlineMs} ms`));
  }

  /** What ended because it took too long may have been waiting for as long as the server asked: no reason for haste. */
  #pauseMs(random: Random): number {
    const isAnswered = isKubeError(this.#failure);
    return isAnswered ? askedWaitMs(this.#failure) + retryPauseMs(random) : pauseMs(random);
  }

  #leftMs(): number {
    return this.#held.renewedAtMs + renewDeadlineMs - this.#options.clock.monotonic();
  }

  #lose(reason: unknown): void {
    if (!this.#ended.signal.aborted) this.#lost.abort(reason);
  }

  async #renew({ signal }: CallOptions): Promise<void> {
    const { clock } = this.#options;
    using deadline = withDeadline("renewing the lease", attemptMs, { signal, clock });
    try {
      await this.#write({ ...this.#held.lease.spec, renewTime: microTime(clock.now()) }, deadline);
    } catch (error) {
      if (!isKubeError(error, "Conflict")) throw error;
      await this.#readAgain(deadline, error);
    }
  }

  async #write(spec: LeaseSpec, { signal }: CallOptions): Promise<void> {
    const { client, clock } = this.#options;
    const askedAtMs = clock.monotonic();
    const lease = await client.replace(leaseResource, { ...this.#held.lease, spec }, { signal });
    this.#held = { ...this.#held, lease, renewedAtMs: askedAtMs };
  }

  /** A conflict may come from a renewal whose answer was lost, or from an edit: then the lease is still ours. */
  async #readAgain(call: CallOptions, conflict: KubeError): Promise<void> {
    try {
      if (await this.#renewIfOurs(call)) return;
    } catch (error) {
      if (!isKubeError(error, "Conflict")) throw error;
      // Nobody was seen to hold it instead: the next attempt looks whether it still is ours.
      throw new KubeError("Unavailable", "the lease has changed once more", { cause: error });
    }
    throw conflict;
  }

  async #renewIfOurs({ signal }: CallOptions): Promise<boolean> {
    const { client, clock, identity } = this.#options;
    const lease = await client.get(leaseResource, this.#options.lease, { signal });
    const { holderIdentity, leaseTransitions } = lease?.spec ?? {};
    if (lease === undefined || holderIdentity !== identity || leaseTransitions !== this.#held.term)
      return false;
    this.#held = { ...this.#held, lease };
    await this.#write({ ...lease.spec, renewTime: microTime(clock.now()) }, { signal });
    return true;
  }

  async #release(): Promise<void> {
    const { clock, logger } = this.#options;
    using deadline = withDeadline("releasing the lease", releaseMs, {
      signal: new AbortController().signal,
      clock,
    });
    const renewTime = microTime(clock.now());
    try {
      const spec = { ...this.#held.lease.spec, holderIdentity: "", leaseDurationSeconds: 1, renewTime };
      await this.#write(spec, deadline);
    } catch (error) {
      logger.warn("the lease can't be released and has to run out", { error });
    }
  }
}
