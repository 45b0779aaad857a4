/**
 * The file `<directory>/processes.json`: which process runs a cluster on the directory, and which process groups it
 * has started. It keeps a second cluster off the directory, and lets the next one stop what a power cut of its
 * guard left running. A pid counts only together with the identity of its process.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { identityOf } from "./process-identity.ts";

const recordedSchema = z.object({ pid: z.number().int().positive(), identity: z.string() });
const runSchema = z.object({ owner: recordedSchema, groups: z.array(recordedSchema) });

/** A process as written down. */
export type RecordedProcess = z.infer<typeof recordedSchema>;
/** What the file holds. */
export type RunRecord = z.infer<typeof runSchema>;

/** The file of a cluster directory. */
export class RunFile {
  readonly #path: string;
  readonly #owner: RecordedProcess;
  readonly #groups = new Map<number, RecordedProcess>();

  /** `ownerPid` is the process that runs the cluster. */
  constructor(directory: string, ownerPid: number) {
    mkdirSync(directory, { recursive: true });
    this.#path = runFilePath(directory);
    this.#owner = { pid: ownerPid, identity: identityOf(ownerPid) ?? "" };
    this.#write();
  }

  /** Adds a process group; it is in the file when this returns. */
  hold(pid: number): void {
    this.#groups.set(pid, { pid, identity: identityOf(pid) ?? "" });
    this.#write();
  }

  /** Removes a process group. */
  release(pid: number): void {
    if (this.#groups.delete(pid)) this.#write();
  }

  /** Removes the file. */
  remove(): void {
    rmSync(this.#path, { force: true });
  }

  #write(): void {
    const record: RunRecord = { owner: this.#owner, groups: [...this.#groups.values()] };
    const draft = `${this.#path}.new`;
    writeFileSync(draft, JSON.stringify(record));
    renameSync(draft, this.#path);
  }
}

/** What an earlier run left; undefined when it left nothing that can be read. */
export function readRunFile(directory: string): RunRecord | undefined {
  try {
    return runSchema.parse(JSON.parse(readFileSync(runFilePath(directory), "utf8")));
  } catch {
    return undefined; // none, or cut off: then nothing in it can be trusted
  }
}

/** True while that very process runs. */
export function isStillRunning({ pid, identity }: RecordedProcess): boolean {
  return identity !== "" && identityOf(pid) === identity;
}

function runFilePath(directory: string): string {
  return join(directory, "processes.json");
}
