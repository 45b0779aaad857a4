/** Wakes one waiter; a ring while nobody waits is kept for the next wait. */
export interface Bell {
  readonly ring: () => void;
  /** Resolves at the next ring, or at once if there was one since the last wait. */
  readonly next: () => Promise<void>;
}

/** A bell that has not been rung. */
export function createBell(): Bell {
  let ring = Promise.withResolvers<void>();
  return {
    ring: () => ring.resolve(),
    next: async () => {
      await ring.promise;
      ring = Promise.withResolvers<void>();
    },
  };
}
