/**
 * What is urgent, most urgent first. `edit`: somebody changed the very object; `dependant`: something else changed that
 * it depends on; `retry`: its own back-off or request to come back; `resync`: the first list and the periodic check.
 */
export const lanes = ["edit", "dependant", "retry", "resync"] as const;

/** How urgent a key is. */
export type Lane = (typeof lanes)[number];

/** The more urgent one of two. */
export function moreUrgent(left: Lane, right: Lane | undefined): Lane {
  if (right === undefined) return left;
  return lanes.indexOf(left) <= lanes.indexOf(right) ? left : right;
}

/** Every so many keys the least urgent lane comes first: what waits there is late, never forgotten. */
const fairness = 16;

/** Keys that wait for a worker: by lane, and first come first served within one. */
export class LanedKeys {
  readonly #keys = new Map<Lane, Set<string>>(lanes.map((lane) => [lane, new Set()]));
  #taken = 0;

  /** Lets the key wait in this lane and in no other. */
  add(key: string, lane: Lane): void {
    for (const [other, keys] of this.#keys) if (other !== lane) keys.delete(key);
    this.#keys.get(lane)?.add(key);
  }

  /** Takes the next key out; undefined when none waits. */
  take(): string | undefined {
    const order = (this.#taken + 1) % fairness === 0 ? lanes.toReversed() : lanes;
    for (const lane of order) {
      const keys = this.#keys.get(lane);
      for (const key of keys ?? []) {
        this.#taken += 1;
        keys?.delete(key);
        return key;
      }
    }
    return undefined;
  }
}
