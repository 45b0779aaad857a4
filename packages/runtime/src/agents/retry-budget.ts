/** Second tries are a share of the live traffic: when an agent is down, they must not become a storm. */

/** Second tries for each turn, on the whole. */
const share = 0.2;
/** Second tries that may come at once, and that there are before any traffic. */
const reserve = 10;

/** Counts turns and second tries. */
export class RetryBudget {
  #balance = reserve;

  /** A turn began. */
  earn(): void {
    this.#balance = Math.min(reserve, this.#balance + share);
  }

  /** Takes one second try, if there is one. */
  spend(): boolean {
    if (this.#balance < 1) return false;
    this.#balance -= 1;
    return true;
  }
}
