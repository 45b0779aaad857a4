/**
 * Turns at reading, so that connections which have much to tell hold nobody else up. The system gives a connection up to 32 reads
 * in a row; with hundreds of agents that answer fast that is a second in which no other turn, and no probe, is answered.
 * Who has had its share waits until others had theirs; who has little to tell never waits.
 */

/** One that reads. */
export interface TurnTaker {
  /** Its turn has come. Must not throw. */
  goOn(): void;
}

/** So many go on in one turn of the loop. */
const atOnce = 8;

/** Those that wait. */
export class ReadingTurns {
  readonly #waiting = new Set<TurnTaker>();
  #scheduled = false;

  /** Lets it go on when those that wait already have gone on; once, however often it waits. */
  wait(taker: TurnTaker): void {
    this.#waiting.add(taker);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#letGoOn();
    });
  }

  #letGoOn(): void {
    let left = atOnce;
    for (const taker of this.#waiting) {
      if (left-- === 0) break;
      this.#waiting.delete(taker);
      taker.goOn();
    }
    if (this.#waiting.size > 0) this.#schedule();
  }
}
