/** Runs checks one after the other and keeps count. */
import { errorMessage } from "@lmos/primitives";
import type { Terminal } from "../terminal.ts";

/** Counts and prints what was checked. */
export class Checks {
  readonly #terminal: Terminal;
  #passed = 0;
  #failed = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  get failed(): number {
    return this.#failed;
  }

  /** A headline over the checks that follow. */
  section(title: string): void {
    this.#terminal.print(`\n${this.#terminal.paint("bold", title)}`);
  }

  /** Counts one check. */
  record(name: string, holds: boolean): void {
    if (holds) this.#passed += 1;
    else this.#failed += 1;
    this.#terminal.print(
      `  ${holds ? this.#terminal.paint("green", "✓") : this.#terminal.paint("red", "✗")} ${name}`,
    );
  }

  /** Counts one check that passes unless `work` throws; resolves to what it returns. */
  async expect<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await work();
      this.record(name, true);
      return result;
    } catch (error) {
      this.record(`${name}: ${errorMessage(error)}`, false);
      return undefined;
    }
  }

  /** The closing line. */
  get totals(): string {
    return `${this.#passed} passed, ${this.#failed} failed`;
  }
}
