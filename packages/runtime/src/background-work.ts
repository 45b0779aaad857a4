/**
 * What runs beside the turns as long as a runtime does. A part that fails does not take the others with it, nor the turns
 * that run: it is started again, after a second at first and after a minute in the end, and told in the log, in the metrics
 * and by the liveness, so that whoever watches the process starts all of it again where that does not help.
 *
 *   running ── fails ─► waiting ─► running ── ten minutes ─► its failures are forgotten
 *      └── ends, or is stopped ─► over
 */
import { backoffDelayMs, type Clock, errorMessage, type Logger } from "@lmos/primitives";

/**
 * A part. It runs until the signal is aborted; one that ends before has nothing more to do. It may be called again after it
 * has rejected: nothing of the call before goes on then.
 */
export type BackgroundPart = (options: { readonly signal: AbortSignal }) => Promise<void>;

/** What watches over the parts. */
export interface BackgroundWorkOptions {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** No jitter: the parts of one process do not crowd anything. */
const restarts = { initialMs: 1000, maxMs: 60_000, factor: 2, jitter: 0 };
const noJitter = { next: () => 0 };
/** Milliseconds after which a part that runs is as good as new. */
const healthyMs = 600_000;
/** Failures, none of them ten minutes ago, from which on only a new start of the process helps. */
const tooManyFailures = 5;

interface PartState {
  isRunning: boolean;
  /** Since it was healthy. */
  failures: number;
  startedAt: number;
  /** Since the start of the process. */
  allFailures: number;
}

/** The parts of one runtime. */
export class BackgroundWork {
  readonly #options: BackgroundWorkOptions;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>[] = [];
  readonly #parts = new Map<string, PartState>();

  constructor(options: BackgroundWorkOptions) {
    this.#options = options;
  }

  /** False while a part that has failed does not run, and once one fails again and again. */
  get whole(): boolean {
    return [...this.#parts.values()].every(
      (part) => part.isRunning && (part.failures < tooManyFailures || this.#isHealthy(part)),
    );
  }

  /** How often each part has failed, where it has. */
  get failures(): Readonly<Record<string, number>> {
    const failed = [...this.#parts].filter(([, { allFailures }]) => allFailures > 0);
    return Object.fromEntries(failed.map(([name, { allFailures }]) => [name, allFailures]));
  }

  /** Starts a part; each has a name of its own. */
  start(name: string, part: BackgroundPart): void {
    const state = { isRunning: true, failures: 0, startedAt: 0, allFailures: 0 };
    this.#parts.set(name, state);
    this.#running.push(this.#keepRunning(name, part, state));
  }

  /** Ends all parts and waits for them. Never rejects: a part that failed was told of. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running);
  }

  async #keepRunning(name: string, part: BackgroundPart, state: PartState): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stopping;
    for (;;) {
      state.startedAt = clock.monotonic();
      const error = await failureOf(part, signal);
      if (error === undefined) return;
      this.#note(name, state, error);
      if (signal.aborted) return;
      const waitMs = backoffDelayMs(restarts, state.failures - 1, noJitter);
      await clock.sleep(waitMs, { signal }).catch(() => undefined); // only the stop ends it early
      if (signal.aborted) return;
      state.isRunning = true;
    }
  }

  #note(name: string, state: PartState, error: string): void {
    state.failures = this.#isHealthy(state) ? 1 : state.failures + 1;
    state.allFailures += 1;
    state.isRunning = false;
    const message = "A part of the runtime failed, it is started again";
    this.#options.logger.error(message, { part: name, failures: state.failures, error });
  }

  #isHealthy({ startedAt }: PartState): boolean {
    return this.#options.clock.monotonic() - startedAt >= healthyMs;
  }
}

/** What a part failed of; undefined when it has ended. */
async function failureOf(part: BackgroundPart, signal: AbortSignal): Promise<string | undefined> {
  try {
    await part({ signal });
    return undefined;
  } catch (error) {
    return errorMessage(error);
  }
}

/** Parts as one: when one of them fails the others are ended and waited for, so that all can be started again. */
export function together(parts: readonly BackgroundPart[]): BackgroundPart {
  return async ({ signal }) => {
    const failed = new AbortController();
    const call = { signal: AbortSignal.any([signal, failed.signal]) };
    const runs = parts.map((part) =>
      part(call).catch((error: unknown) => {
        failed.abort(error);
        throw error;
      }),
    );
    await Promise.allSettled(runs);
    await Promise.all(runs);
  };
}
