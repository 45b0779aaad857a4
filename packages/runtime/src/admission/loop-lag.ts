/**
 * How late the event loop is, at the 99th percentile of the last seconds. Two windows overlap by half, so that no reset
 * forgets what has just been seen. A window that is not full yet is taken to have been in time:
 * a single long pause, such as that of starting, is one in a hundred at most.
 */

/** The part of a histogram of delays that is used; nanoseconds. */
export interface DelayHistogram {
  readonly count: number;
  percentile(percentage: number): number;
  reset(): void;
}

/** Looks in a window, and samples that it has when it is full. */
export interface LagWindow {
  readonly looks: number;
  readonly samples: number;
  /** Milliseconds between two samples of a loop that is never late; a part of each. */
  readonly resolutionMs: number;
}

const nanosecondsPerMs = 1e6;
const worstShare = 0.01;

/** Reads two histograms in turn. */
export class LoopLag {
  readonly #window: LagWindow;
  readonly #histograms: [older: DelayHistogram, younger: DelayHistogram];
  #looks = 0;

  constructor(histograms: readonly [DelayHistogram, DelayHistogram], window: LagWindow) {
    this.#histograms = [...histograms];
    this.#window = window;
  }

  /** One look; milliseconds. */
  read(): number {
    const [older, younger] = this.#histograms;
    const lagMs = Math.max(lagOf(older, this.#window), lagOf(younger, this.#window));
    this.#looks += 1;
    if (this.#looks % (this.#window.looks / 2) === 0) {
      older.reset();
      this.#histograms.reverse();
    }
    return lagMs;
  }
}

function lagOf(histogram: DelayHistogram, { samples, resolutionMs }: LagWindow): number {
  const { count } = histogram;
  const worst = Math.max(samples, count) * worstShare; // so many samples don't count
  if (count <= worst) return 0;
  return Math.max(0, histogram.percentile(100 * (1 - worst / count)) / nanosecondsPerMs - resolutionMs);
}
