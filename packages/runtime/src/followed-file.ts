/**
 * A file that is read at the start and again when it changes. One that cannot be used is refused: what was read before
 * counts on.
 */
import { type Clock, errorMessage, type Logger } from "@lmos/primitives";
import { ChangingFile, lookEveryMs } from "./changing-file.ts";
import { RuntimeError, type RuntimeErrorCode } from "./errors.ts";

/** Which file, and what is in it. */
export interface FollowedFileOptions<T> {
  readonly path: string;
  /** Reads its text; throws where that cannot be used. */
  readonly parse: (text: string) => T;
  /** What the file holds, as a message names it: "the authorities". */
  readonly content: string;
  /** What to do about a file that cannot be used. */
  readonly remedy: string;
  readonly code: RuntimeErrorCode;
  /** Called with what was read. */
  readonly onRead: (value: T) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Follows a file; nothing is read before {@link FollowedFile.open}. */
export class FollowedFile<T> {
  readonly #options: FollowedFileOptions<T>;
  readonly #file: ChangingFile;

  constructor(options: FollowedFileOptions<T>) {
    this.#options = options;
    this.#file = new ChangingFile(options.path);
  }

  /**
   * Reads the file.
   *
   * @throws RuntimeError with the code of the options when it cannot be used.
   */
  async open(): Promise<void> {
    await this.#look();
  }

  /** Follows the file until aborted. */
  async run({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    const { clock, logger, content } = this.#options;
    let complaint = "";
    while (!signal.aborted) {
      await clock.sleep(lookEveryMs, { signal }).catch(() => undefined); // only the signal ends it early
      if (signal.aborted) return;
      const fault = await this.#look().then(
        () => "",
        (error: unknown) => errorMessage(error),
      );
      if (fault !== "" && fault !== complaint) logger.warn(`${fault}; ${content} of before count on`);
      complaint = fault;
    }
  }

  async #look(): Promise<void> {
    const { path, parse, content, remedy, code, onRead } = this.#options;
    try {
      const text = await this.#file.look();
      if (text !== undefined) onRead(parse(text));
    } catch (error) {
      const message = `${content} in ${path} cannot be used: ${errorMessage(error)}; ${remedy}`;
      throw new RuntimeError(code, message, { cause: error });
    }
  }
}
