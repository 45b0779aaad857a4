/** How parts get on, told while their answers are waited for. */
import type { PartEvent } from "../turn/turn.ts";

/** A queue of progress that one reader reads. It holds a few events of each part at most. */
export class PartProgress {
  #events: PartEvent[] = [];
  #added = Promise.withResolvers<void>();

  /** Adds what has happened. */
  add(event: PartEvent): void {
    this.#events.push(event);
    this.#added.resolve();
  }

  /** Yields what happens until an answer is there, that included; rejects as the answer does. */
  async *until<T>(answer: Promise<T>): AsyncGenerator<PartEvent, T> {
    const answered = answer.then(() => true);
    for (;;) {
      const isAnswered = await Promise.race([answered, this.#added.promise]);
      const events = this.#events;
      this.#events = [];
      this.#added = Promise.withResolvers();
      yield* events;
      if (isAnswered === true) return await answer;
    }
  }
}
