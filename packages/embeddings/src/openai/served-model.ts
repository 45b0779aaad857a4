/** Which model a service serves: told by its name, the length of its vectors, and the vector of a probe. */
import { areOfSameModel, fingerprintOf } from "./probe.ts";

/** A model that a service served when it was loaded. */
export interface ServedModel {
  readonly id: string;
  /** Its name in the service's own words, where it says one. */
  readonly servedBy: string | undefined;
  /** The vector of the probe, of length 1. Its length is that of every vector. */
  readonly probe: Float32Array;
}

/** Models of one service that are remembered, so that one that comes back has its id again. */
const maxKnown = 16;

/** What an answer says of its model. */
type Seen = Pick<ServedModel, "servedBy" | "probe">;

/** Whether what was seen is of this model. */
export function isServed(model: ServedModel, { servedBy, probe }: Seen): boolean {
  return model.servedBy === servedBy && areOfSameModel(model.probe, probe);
}

/**
 * The model among those known, or a new one: it has the given name as its id, with a fingerprint after it where another
 * model has that name already.
 */
export function recognise(seen: Seen, name: string, known: readonly ServedModel[]): ServedModel {
  const same = known.find((model) => isServed(model, seen));
  if (same !== undefined) return same;
  const isTaken = known.some(({ id }) => id === name);
  return { ...seen, id: isTaken ? `${name}:${fingerprintOf(seen.probe)}` : name };
}

/** Those known with one more, the one seen last at the end; of many the longest unseen goes. */
export function remember(model: ServedModel, known: readonly ServedModel[]): readonly ServedModel[] {
  return [...known.filter(({ id }) => id !== model.id), model].slice(-maxKnown);
}
