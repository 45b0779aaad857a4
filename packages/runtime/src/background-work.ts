/**
 * What runs beside the turns as long as a runtime does. A part that fails does not take the others with it, nor the turns
 * that run: it is told in the log and by the liveness, so that whoever watches the process starts it again in peace.
 */
import { errorMessage, type Logger } from "@lmos/primitives";

/** A part. It ends when the signal is aborted. */
export type BackgroundPart = (options: { readonly signal: AbortSignal }) => Promise<void>;

/** The parts of one runtime. */
export class BackgroundWork {
  readonly #logger: Logger;
  readonly #stopping = new AbortController();
  readonly #parts: Promise<void>[] = [];
  #whole = true;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** False once a part has failed. */
  get whole(): boolean {
    return this.#whole;
  }

  /** Starts a part. */
  start(name: string, part: BackgroundPart): void {
    this.#parts.push(this.#run(name, part));
  }

  /** Ends all parts and waits for them. Never rejects: a part that failed was told of. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#parts);
  }

  async #run(name: string, part: BackgroundPart): Promise<void> {
    try {
      await part({ signal: this.#stopping.signal });
    } catch (error) {
      this.#whole = false;
      this.#logger.error("A part of the runtime failed: start it again", {
        part: name,
        error: errorMessage(error),
      });
    }
  }
}
