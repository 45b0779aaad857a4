/**
 * What was granted when, as the one who writes grants and Tenants knows it: the oracle of invariant I1. It reads grants in
 * a way of its own, for the few patterns and ranges that a suite uses.
 */
import type { HistoricWire } from "./history.ts";

/** A grant of the suite: some agents, some capabilities, a major version or any, some channels. */
export interface LedgerGrant {
  readonly agents: readonly string[];
  readonly capabilities: readonly string[];
  readonly major: number | undefined;
  readonly channels: readonly string[];
}

interface Moment {
  /** When the write that led here was sent, on the scale of `performance.now()`. */
  readonly sinceMs: number;
  readonly grants: ReadonlyMap<string, LedgerGrant>;
  readonly distrusted: ReadonlySet<string>;
}

/** What a moment is changed by. */
export type LedgerChange =
  | { readonly kind: "grant"; readonly name: string; readonly grant: LedgerGrant }
  | { readonly kind: "revoke"; readonly name: string }
  | { readonly kind: "trust" | "distrust"; readonly channel: string };

/** Keeps every state with the time from which it may have counted. */
export class GrantLedger {
  readonly #moments: { readonly moment: Moment; endedMs: number }[] = [
    {
      moment: { sinceMs: 0, grants: new Map(), distrusted: new Set() },
      endedMs: Number.POSITIVE_INFINITY,
    },
  ];

  /** Does the write that makes the change so; until that has returned, the state before may still count. */
  async record(change: LedgerChange, write: () => Promise<unknown>): Promise<void> {
    const before = this.#last;
    const sinceMs = performance.now();
    this.#moments.push({
      moment: { ...changed(before.moment, change), sinceMs },
      endedMs: Number.POSITIVE_INFINITY,
    });
    await write();
    before.endedMs = performance.now();
  }

  /** Whether the wire was granted at some time in the `withinMs` before it was seen. */
  wasGranted(wire: HistoricWire, withinMs: number): boolean {
    return this.#moments.some(
      ({ moment, endedMs }) =>
        moment.sinceMs <= wire.atMs && endedMs >= wire.atMs - withinMs && grants(moment, wire),
    );
  }

  /** Whether the wire is granted now. */
  isGranted(wire: Omit<HistoricWire, "atMs">): boolean {
    return grants(this.#last.moment, wire);
  }

  get #last(): { readonly moment: Moment; endedMs: number } {
    const last = this.#moments.at(-1);
    if (last === undefined) throw new Error("there is always a moment");
    return last;
  }
}

function changed(before: Moment, change: LedgerChange): Moment {
  const grants = new Map(before.grants);
  const distrusted = new Set(before.distrusted);
  switch (change.kind) {
    case "grant":
      grants.set(change.name, change.grant);
      break;
    case "revoke":
      grants.delete(change.name);
      break;
    case "trust":
      distrusted.delete(change.channel);
      break;
    case "distrust":
      distrusted.add(change.channel);
      break;
    default:
      change satisfies never;
  }
  return { ...before, grants, distrusted };
}

function grants({ grants: all, distrusted }: Moment, wire: Omit<HistoricWire, "atMs">): boolean {
  if (distrusted.has(wire.channel)) return false;
  return [...all.values()].some(
    ({ agents, capabilities, major, channels }) =>
      agents.includes(wire.agent) &&
      capabilities.includes(wire.capability) &&
      channels.includes(wire.channel) &&
      (major === undefined || Number(wire.version.split(".")[0]) === major),
  );
}
