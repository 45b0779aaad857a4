/** The breakers of a controller's keys, together with those who want to know: its owner, the log and the metrics. */
import type { Clock, Logger } from "@lmos/primitives";
import { type BreakerPolicy, createBreaker, type QuarantineReason } from "./breaker.ts";
import type { KubeMetrics } from "./metrics.ts";
import { type ObjectKey, parseKeyText } from "./object.ts";
import type { Taken } from "./work-queue.ts";

/** A key is quarantined, and why, or no longer. */
export type QuarantineChange =
  | { readonly key: ObjectKey; readonly kind: "quarantined"; readonly reason: QuarantineReason }
  | { readonly key: ObjectKey; readonly kind: "released" };

/** What to do with a key that was taken: reconcile it, and look at it again in `againInMs` where that is given. */
export interface Verdict {
  readonly reconcile: boolean;
  readonly againInMs?: number | undefined;
}

/** Decides which keys may be reconciled. */
export interface Quarantine {
  judge(taken: Taken): Verdict;
  /** The key's reconcile did not end. */
  stuck(key: string): void;
  /** The key's reconcile failed for want of a server, and is tried again in `ms` milliseconds. */
  excuse(key: string, ms: number): void;
  /** The key's object is gone. */
  release(key: string): void;
}

/** What a quarantine is made of. */
export interface QuarantineOptions {
  readonly name: string;
  readonly policy: BreakerPolicy;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: KubeMetrics | undefined;
  readonly onQuarantine?: ((change: QuarantineChange) => void) | undefined;
}

/** Nobody in it. */
export function createQuarantine({ name, policy, clock, logger, ...options }: QuarantineOptions): Quarantine {
  const breaker = createBreaker(policy, clock);
  const tell = (change: QuarantineChange): void => {
    options.metrics?.quarantined(name, breaker.open);
    options.onQuarantine?.(change);
  };
  const opened = (key: string, reason: QuarantineReason): void => {
    logger.warn("key is quarantined", { key, reason, openMs: policy.openMs, probeMs: policy.probeMs });
    tell({ key: parseKeyText(key), kind: "quarantined", reason });
  };
  const closed = (key: string): void => {
    logger.info("key is no longer quarantined", { key });
    tell({ key: parseKeyText(key), kind: "released" });
  };
  return {
    judge: ({ key, lane }) => {
      const admission = breaker.admit(key, lane === "edit" || lane === "dependant");
      if (admission.kind === "opened") opened(key, "tooOften");
      if (admission.kind === "closed") closed(key);
      switch (admission.kind) {
        case "admitted":
        case "closed":
          return { reconcile: true };
        case "probe":
          return { reconcile: true, againInMs: admission.closesInMs };
        case "opened":
        case "quarantined":
          return { reconcile: false, againInMs: admission.retryInMs };
        default:
          return admission satisfies never;
      }
    },
    stuck: (key) => {
      if (breaker.trip(key)) opened(key, "stuck");
    },
    excuse: (key, ms) => breaker.excuse(key, ms),
    release: (key) => {
      if (breaker.reset(key)) closed(key);
    },
  };
}
