/** Reads a log file on from where it was read to last, also across the moment when it is set aside. */
import { type FileHandle, open, readFile, stat } from "node:fs/promises";
import { fullLogPath } from "./log-path.ts";

const chunkBytes = 64 * 1024;

/** A place in a growing log, at first its beginning. Dispose it: it holds the file open. */
export class LogCursor implements AsyncDisposable {
  readonly #path: string;
  readonly #decoder = new TextDecoder();
  #file: FileHandle | undefined;
  #started = false;
  /** The last line, as far as it has been written. */
  #rest = "";

  constructor(path: string) {
    this.#path = path;
  }

  /** The whole lines written since the last call; none where there is no file. */
  async next(): Promise<readonly string[]> {
    if (!this.#started) this.#rest = await this.#readSetAside();
    this.#started = true;
    this.#rest += await this.#readOn();
    if (await this.#isReplaced()) {
      await this.#reopen();
      this.#rest += await this.#readOn();
    }
    const lines = this.#rest.split("\n");
    this.#rest = lines.pop() ?? "";
    return lines;
  }

  /** The last line, where it has no end yet. */
  unfinished(): readonly string[] {
    return this.#rest === "" ? [] : [this.#rest];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  async #readSetAside(): Promise<string> {
    const bytes = await readFile(fullLogPath(this.#path)).catch(() => undefined); // none yet
    return bytes === undefined ? "" : this.#decoder.decode(bytes, { stream: true });
  }

  /** To the end of the file that is open, even if it has been renamed. */
  async #readOn(): Promise<string> {
    let text = "";
    for (let read = await this.#readChunk(); read.length > 0; read = await this.#readChunk()) {
      text += this.#decoder.decode(read, { stream: true });
    }
    return text;
  }

  async #readChunk(): Promise<Uint8Array> {
    const buffer = new Uint8Array(chunkBytes);
    const result = await this.#file?.read(buffer, 0, chunkBytes, null);
    return buffer.subarray(0, result?.bytesRead ?? 0);
  }

  async #isReplaced(): Promise<boolean> {
    const [opened, present] = await Promise.all([
      this.#file?.stat(),
      stat(this.#path).catch(() => undefined), // not there (yet)
    ]);
    return present !== undefined && present.ino !== opened?.ino;
  }

  async #reopen(): Promise<void> {
    await this.#file?.close();
    this.#file = await open(this.#path, "r");
  }
}
