/**
 * A file that is read at the start and again when it changes. One that cannot be used is refused: what was read before
 * counts on.
 */
import { readFile, stat } from "node:fs/promises";
import { type Clock, errorMessage, type Logger } from "@lmos/primitives";
import { RuntimeError, type RuntimeErrorCode } from "./errors.ts";

/** Milliseconds between two looks at the file. A mounted Secret changes by a link, which no watch on the file sees. */
const lookEveryMs = 1000;

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
  /** What the file looked like when it was last read; and when two reads in a row found it so. */
  #seen: string | undefined;
  #settled: string | undefined;
  #text: string | undefined;

  constructor(options: FollowedFileOptions<T>) {
    this.#options = options;
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
      const { mtimeMs, size, ino } = await stat(path);
      const state = `${mtimeMs} ${size} ${ino}`;
      if (state === this.#settled) return;
      const text = await readFile(path, "utf8");
      // Once more where it is new: within a tick of the file system's clock it can change and look the same.
      this.#settled = state === this.#seen ? state : undefined;
      this.#seen = state;
      if (text === this.#text) return;
      this.#text = text;
      onRead(parse(text));
    } catch (error) {
      const message = `${content} in ${path} cannot be used: ${errorMessage(error)}; ${remedy}`;
      throw new RuntimeError(code, message, { cause: error });
    }
  }
}
