/** One process of a Deployment as the decisions see it: what a pod is in a cluster. */
import type { ObjectKey } from "@lmos/kube";
import type { Launch } from "./workload.ts";

/** How a process ended. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/**
 * ```
 * starting ─► running ─► waiting (it exited by itself) ─► starting …
 *     │          │          │
 *     └──────────┴──────────┴─► stopping ─► gone
 * ```
 * Times are readings of the monotonic clock in milliseconds.
 */
export type ProcessState =
  | { readonly kind: "starting" }
  | { readonly kind: "running"; readonly pid: number; readonly since: number; readonly ready: boolean }
  | { readonly kind: "waiting"; readonly until: number }
  | { readonly kind: "stopping" };

/** An immutable view of one process. */
export interface LocalProcess {
  readonly id: string;
  readonly deployment: ObjectKey;
  /** uid of the Deployment that it was started for. */
  readonly owner: string;
  readonly templateHash: string;
  /** The smallest number that no other process of the Deployment has; names its log. */
  readonly replica: number;
  readonly launch: Launch;
  readonly port: number;
  /** Exits in a row without having run for a minute in between. */
  readonly crashes: number;
  /** How it last ended, in words such as `exited with code 1`. */
  readonly lastExit: string | undefined;
  readonly state: ProcessState;
}

/** True while the process counts: it runs, or will again. */
export function isActive(process: LocalProcess): boolean {
  return process.state.kind !== "stopping";
}

/** True when the process can be sent work. */
export function isReady(process: LocalProcess): boolean {
  return process.state.kind === "running" && process.state.ready;
}

/** The sentence for people about how a process ended. */
export function explainExit({ code, signal }: ProcessExit): string {
  return signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
}
