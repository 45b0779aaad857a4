import { randomUUID } from "node:crypto";

/** Chance as a dependency. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
}

/** Where new identifiers come from. */
export interface IdSource {
  /** A new UUID (version 4 in production). */
  next(): string;
}

/** The chance of this machine; not for secrets. */
export const systemRandom: Random = { next: () => Math.random() };

/** UUIDs of this machine. */
export const systemIds: IdSource = { next: () => randomUUID() };
