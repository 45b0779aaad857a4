/** Appends the output of a process to its log file. Written synchronously: a line is in the file before the next event. */
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { fullLogPath } from "./log-path.ts";

/** A log file holds this many bytes before it is set aside; one such file is kept. */
export const maxLogBytes = 10 * 1024 * 1024;

/** An open log file. */
interface OpenLog {
  readonly descriptor: number;
  size: number;
}

/** A log file that is opened by the first write and sets itself aside when it is full. */
export class LogFile {
  readonly #path: string;
  readonly #maxBytes: number;
  #open: OpenLog | undefined;

  constructor(path: string, options: { readonly maxBytes: number } = { maxBytes: maxLogBytes }) {
    this.#path = path;
    this.#maxBytes = options.maxBytes;
  }

  write(chunk: Uint8Array): void {
    let log = this.#opened();
    if (log.size > 0 && log.size + chunk.byteLength > this.#maxBytes) {
      this.end();
      renameSync(this.#path, fullLogPath(this.#path));
      log = this.#opened();
    }
    writeSync(log.descriptor, chunk);
    log.size += chunk.byteLength;
  }

  end(): void {
    if (this.#open !== undefined) closeSync(this.#open.descriptor);
    this.#open = undefined;
  }

  #opened(): OpenLog {
    if (this.#open === undefined) {
      mkdirSync(dirname(this.#path), { recursive: true });
      const descriptor = openSync(this.#path, "a");
      this.#open = { descriptor, size: fstatSync(descriptor).size };
    }
    return this.#open;
  }
}
