/**
 * Reads the logs of a Deployment's processes from their files, whether or not the cluster runs. Following looks at the
 * files four times a second, so that files that appear, grow or are set aside are noticed on every file system.
 */
import { readdir } from "node:fs/promises";
import type { Clock } from "@lmos/primitives";
import { LogCursor } from "./log-cursor.ts";
import { type LogLocation, logFolder, logPath } from "./log-path.ts";

/** One line of output. */
export interface LogLine {
  /** Which process: `<deployment>-<replica>`. */
  readonly process: string;
  readonly line: string;
}

/** Which logs, and how much of them. */
export interface ReadLogsOptions extends LogLocation {
  /** So many lines of each process from before now; all unless given. */
  readonly tail?: number | undefined;
  /** Goes on with what is written later, until the signal is aborted. */
  readonly follow: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * The lines of all processes of a Deployment: what there is of one process after the other, and then, when following,
 * as they come. Nothing at all when there is no log.
 */
export async function* readLogs(options: ReadLogsOptions): AsyncGenerator<LogLine> {
  const { clock, follow, signal, tail } = options;
  await using cursors = new CursorSet(options);
  for (const { process, cursor } of await cursors.all()) {
    const lines = [...(await cursor.next()), ...(follow ? [] : cursor.unfinished())];
    yield* labelled(process, tail === undefined ? lines : lines.slice(Math.max(0, lines.length - tail)));
  }
  while (follow && (await pause(clock, signal))) {
    for (const { process, cursor } of await cursors.all()) yield* labelled(process, await cursor.next());
  }
}

const pollMs = 250;

interface ProcessCursor {
  readonly process: string;
  readonly cursor: LogCursor;
}

/** A cursor for each log file that there is. */
class CursorSet implements AsyncDisposable {
  readonly #location: LogLocation;
  readonly #cursors = new Map<number, ProcessCursor>();

  constructor(location: LogLocation) {
    this.#location = location;
  }

  /** By replica; files that have appeared are among them. */
  async all(): Promise<readonly ProcessCursor[]> {
    const { name } = this.#location;
    const replicas = await this.#replicas();
    return replicas.map((replica) => {
      const process = `${name}-${replica}`;
      const known = this.#cursors.get(replica);
      const entry = known ?? { process, cursor: new LogCursor(logPath(this.#location, replica)) };
      this.#cursors.set(replica, entry);
      return entry;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { cursor } of this.#cursors.values()) await cursor[Symbol.asyncDispose]();
  }

  async #replicas(): Promise<readonly number[]> {
    const names = await readdir(logFolder(this.#location)).catch(() => []); // no folder: nothing has run yet
    const replicas = names.filter((name) => /^\d+\.log$/.test(name)).map((name) => Number.parseInt(name, 10));
    return replicas.sort((a, b) => a - b);
  }
}

function labelled(process: string, lines: readonly string[]): readonly LogLine[] {
  return lines.map((line) => ({ process, line }));
}

/** False when the signal was aborted meanwhile. */
async function pause(clock: Clock, signal: AbortSignal): Promise<boolean> {
  await clock.sleep(pollMs, { signal }).catch(() => undefined); // aborted: said by the result
  return !signal.aborted;
}
