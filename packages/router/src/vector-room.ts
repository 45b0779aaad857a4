/**
 * Vectors for messages while they are read: as many pairs as are read at once, used again for the next. What is given back
 * must not be written to anymore, so that of a message that failed stays away.
 */

/** For the two vectors of a message; each in a list of its own, as models are given them. */
export interface VectorsOfMessage {
  readonly first: readonly [Float32Array];
  readonly second: readonly [Float32Array];
}

/** Lends pairs. */
export interface VectorRoom {
  take(): VectorsOfMessage;
  giveBack(pair: VectorsOfMessage): void;
}

/** Pairs that wait to be lent again; more are left to the garbage collector. */
const mostKept = 64;
/** One for all indexes of a process, of which there may be thousands, of few dimensions. */
const rooms = new Map<number, VectorRoom>();

/** The room for vectors of that many numbers. */
export function vectorRoomOf(dimension: number): VectorRoom {
  const room = rooms.get(dimension) ?? createVectorRoom(dimension);
  rooms.set(dimension, room);
  return room;
}

/** A room of its own, empty at first. */
export function createVectorRoom(dimension: number): VectorRoom {
  const free: VectorsOfMessage[] = [];
  const vector = (): readonly [Float32Array] => [new Float32Array(dimension)];
  return {
    take: () => free.pop() ?? { first: vector(), second: vector() },
    giveBack: (pair) => {
      if (free.length < mostKept) free.push(pair);
    },
  };
}
