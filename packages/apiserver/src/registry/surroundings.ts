import type { ObjectAddress, StoredObject } from "../storage/stored-object.ts";

/** What a kind's strategy may look at and take from while an object is written. */
export interface WriteSurroundings {
  /** The time of the write, RFC 3339. */
  readonly now: string;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly list: (resource: string) => readonly StoredObject[];
  readonly get: (address: ObjectAddress) => StoredObject | undefined;
}
