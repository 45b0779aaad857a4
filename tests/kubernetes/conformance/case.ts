/**
 * What a conformance case is: steps as data, each with what must hold of its answer. The same case runs against every
 * server; where its answers differ although all of it holds, the case says why.
 *
 * Texts of a step (paths, bodies, commands) may name values: `<ns>` is the case's own namespace, `<group>` an API group that
 * no other case uses, and each `save` adds one.
 */
import type { JsonValue } from "@lmos/primitives";

/** A conformance case. */
export interface Case {
  /** What must hold, in words. Unique. */
  readonly name: string;
  readonly steps: readonly Step[];
  /**
   * Why the servers' answers differ. The case must still hold on the real server and need not on the embedded one; if their
   * answers do not differ any longer, it fails.
   */
  readonly difference?: string | undefined;
}

/** Cases under one heading. */
export interface Area {
  readonly title: string;
  readonly cases: readonly Case[];
}

export type Step = RequestStep | WatchStep | KubectlStep;

/** What is expected of a value: a text that matches, its absence or presence, an array's length, or the value itself. */
export type Expected = JsonValue | RegExp | typeof absent | typeof present | { readonly length: number };

/** Paths such as `metadata.labels["a/b"]`, `items[0].spec` or `items[].metadata.name` (all of them, as an array). */
export type Expectations = Readonly<Record<string, Expected>>;

/** One HTTP request. */
export interface RequestStep {
  readonly kind: "request";
  readonly method: string;
  readonly path: string;
  readonly body?: JsonValue | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly status: number;
  readonly holds?: Expectations | undefined;
  /** Names for values of the answer, by their paths. */
  readonly save?: Readonly<Record<string, string>> | undefined;
  /** Asks again until everything holds, for up to a minute. */
  readonly until?: boolean | undefined;
  /** What of the answer must be the same on all servers; all of it unless given. */
  readonly compare?: Compared | undefined;
}

/** A watch: opened, then other steps, then its events. */
export interface WatchStep {
  readonly kind: "watch";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly during?: readonly RequestStep[] | undefined;
  /** How many events to wait for; or the end of the stream, before which there may be no others than `events`. */
  readonly take: number | "end";
  /** What must hold of the first events, in their order. */
  readonly events: readonly Expectations[];
  readonly compare?: Compared | undefined;
}

/** One run of kubectl, in the case's namespace. */
export interface KubectlStep {
  readonly kind: "kubectl";
  /** Parameters, split at blanks; single quotes keep blanks. */
  readonly command: string;
  readonly input?: string | undefined;
  /** What `kubectl edit` runs. */
  readonly editor?: string | undefined;
  readonly exit?: number | undefined;
  readonly stdout?: string | RegExp | undefined;
  readonly stderr?: string | RegExp | undefined;
  /** For commands that do not end: waits for some lines, takes other steps, waits for more lines, then ends it. */
  readonly follow?:
    | { readonly lines: number; readonly during: readonly Step[]; readonly moreLines: number }
    | undefined;
  /** Which lines must be the same on all servers; all unless given. */
  readonly compare?: "nothing" | RegExp | undefined;
  /** Runs it again until everything holds, for up to a minute. */
  readonly until?: boolean | undefined;
}

/**
 * What of an answer is compared between servers beside its HTTP status: nothing, the reason of a failure (where the message
 * is in the words of Go's own libraries, or in no certain order), or the values at some paths.
 */
export type Compared = "status" | "reason" | readonly string[];

/** Expects that there is no such member. */
export const absent = Symbol("absent");

/** Expects that there is such a member, whatever its value. */
export const present = Symbol("present");
