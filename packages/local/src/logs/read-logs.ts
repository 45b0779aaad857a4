/**
 * Reads the logs of a Deployment's processes from their files, whether or not the cluster runs. Following looks at the
 * files four times a second, so that files that appear, grow or are set aside are noticed on every file system.
 */
import { type FileHandle, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "@lmos/primitives";
import { fullLogPath, type LogLocation, logFolder } from "./log-path.ts";

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
