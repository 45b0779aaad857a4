/**
 * What was read from each workload's agent, and when it is due to be read again. Kept in memory only: after a restart
 * each agent is read once, and what is unchanged is not written.
 */
import { type CallOptions, keyText, type ObjectKey } from "@lmos/kube";
import { type BackoffPolicy, backoffDelayMs, type Clock, type Random } from "@lmos/primitives";
import type { CapabilitiesOutcome, CapabilitiesReader, ReadDocument } from "./capabilities-reader.ts";

/** What came of the latest reading. */
export interface Reading {
  readonly outcome: CapabilitiesOutcome;
  /** Of which workload, in which generation, at which address. */
  readonly subject: string;
  /** On the clock's monotonic scale. */
  readonly dueAtMs: number;
  /** The latest reading of this subject that did not fail. */
  readonly lastRead: ReadDocument | undefined;
  /** How many readings of this subject failed in a row. */
  readonly failures: number;
}

/** Failures are retried for ever, at first after half a second and at last once a minute. */
const retryPolicy: BackoffPolicy = { initialMs: 500, maxMs: 60_000, factor: 2, jitter: 0.2 };
/** An agent that can be read is read again this often. */
const refreshMs = 5 * 60_000;

/** The readings of all workloads. */
export interface Readings {
  /** The latest reading of the subject; reads from `origin` first when there is none or it is due. */
  current(key: ObjectKey, target: ReadingTarget, options: CallOptions): Promise<Reading>;
  /** Milliseconds until the reading is due. */
  untilDue(reading: Reading): number;
  /** Drops what is known of a workload that is gone. */
  forget(key: ObjectKey): void;
}

/** What to read, and where. */
export interface ReadingTarget {
  readonly subject: string;
  readonly origin: string;
}

/** Readings through a reader. */
export function createReadings(options: {
  readonly reader: Pick<CapabilitiesReader, "read">;
  readonly clock: Clock;
  readonly random: Random;
}): Readings {
  const { reader, clock, random } = options;
  const readings = new Map<string, Reading>();
  const untilDue = (reading: Reading): number => Math.max(0, reading.dueAtMs - clock.monotonic());
  return {
    untilDue,
    forget: (key) => void readings.delete(keyText(key)),
    current: async (key, { subject, origin }, { signal }) => {
      const latest = readings.get(keyText(key));
      const known = latest?.subject === subject ? latest : undefined;
      if (known !== undefined && untilDue(known) > 0) return known;
      const before = known?.lastRead;
      const outcome = await reader.read(origin, { signal, known: before });
      const failures = outcome.kind === "read" ? 0 : (known?.failures ?? 0) + 1;
      const delayMs = failures === 0 ? refreshMs : backoffDelayMs(retryPolicy, failures - 1, random);
      const lastRead = outcome.kind === "read" ? outcome : before;
      const reading = { outcome, subject, failures, lastRead, dueAtMs: clock.monotonic() + delayMs };
      readings.set(keyText(key), reading);
      return reading;
    },
  };
}
