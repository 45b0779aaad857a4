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

/**
 * UUIDs of this machine, each a text in one piece: Node joins one from twenty pieces that stay as they are until it is
 * read, half a kilobyte of them, and an id that is only a key is never read.
 */
export const systemIds: IdSource = { next: () => Buffer.from(randomUUID(), "latin1").toString("latin1") };
