/** Questions that may be open at once: an agent that asks and asks would make all others work for it. */
const maxQuestions = 16;

/** Counts the questions that wait for their answers. */
export class OpenQuestions {
  #open = 0;

  /** One more, to be disposed with its answer; undefined where there are as many as there may be. */
  begin(): Disposable | undefined {
    if (this.#open >= maxQuestions) return undefined;
    this.#open += 1;
    return { [Symbol.dispose]: () => this.#end() };
  }

  #end(): void {
    this.#open -= 1;
  }
}
