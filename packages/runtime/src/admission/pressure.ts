/**
 * Whether this process is in trouble: its event loop late, its heap nearly full, its file descriptors nearly used up. New
 * turns are refused then, so that those that run, and health, are still answered.
 */
import type { Clock } from "@lmos/primitives";

/** What is measured of the process. */
export interface ProcessGauges {
  /** Milliseconds by which the event loop was late, at the 99th percentile of the last seconds. */
  lagMs(): number;
  /** Share of the heap's limit that is in use, 0 to 1. */
  heapShare(): number;
  /** Share of the file descriptors that are open, 0 to 1; 0 where that cannot be known. */
  openFilesShare(): number;
}

/** A cause of trouble. */
export type PressureCause = "loop-lag" | "heap" | "open-files";

const intervalMs = 500;
const maxLagMs = 200;
const maxShare = 0.85;

/** Looks at the process again and again. */
export class Pressure {
  readonly #gauges: ProcessGauges;
  readonly #clock: Clock;
  #cause: PressureCause | undefined;

  constructor({ gauges, clock }: { readonly gauges: ProcessGauges; readonly clock: Clock }) {
    this.#gauges = gauges;
    this.#clock = clock;
  }

  /** Why no new turn is taken; undefined while all is well. */
  get cause(): PressureCause | undefined {
    return this.#cause;
  }

  /** One look. */
  look(): void {
    const { lagMs, heapShare, openFilesShare } = this.#read();
    // A late loop comes last: alone of the three it still lets a few turns in.
    if (heapShare > maxShare) this.#cause = "heap";
    else if (openFilesShare > maxShare) this.#cause = "open-files";
    else if (lagMs > maxLagMs) this.#cause = "loop-lag";
    else this.#cause = undefined;
  }

  /** Looks until the signal is aborted. */
  async run({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    while (!signal.aborted) {
      await this.#clock.sleep(intervalMs, { signal }).catch(() => undefined); // only the signal ends it early
      if (!signal.aborted) this.look();
    }
  }

  #read(): { readonly lagMs: number; readonly heapShare: number; readonly openFilesShare: number } {
    return {
      lagMs: this.#gauges.lagMs(),
      heapShare: this.#gauges.heapShare(),
      openFilesShare: this.#gauges.openFilesShare(),
    };
  }
}
