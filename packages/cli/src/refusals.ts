/** Objects that the cluster refused among others that it took. */
import type { Refusal } from "@lmos/local";
import { CliError } from "./errors.ts";
import type { Terminal } from "./terminal.ts";

/** Says each as it comes, and how many there were when all are through. */
export class Refusals {
  readonly #terminal: Pick<Terminal, "hint" | "paint">;
  #count = 0;

  constructor(terminal: Pick<Terminal, "hint" | "paint">) {
    this.#terminal = terminal;
  }

  /** One of them. */
  readonly add = ({ error }: Refusal): void => {
    this.#count += 1;
    this.#terminal.hint(`${this.#terminal.paint("red", "refused:")} ${error.message}`);
  };

  /** Says what to do where there were any among so many objects, for a command that goes on. */
  remind(objects: number, remedy: string): void {
    if (this.#count > 0)
      this.#terminal.hint(`${this.#count} of ${objects} objects refused, as said above: ${remedy}`);
  }

  /** Throws CliError `Refused` where there were any among so many objects. */
  throwIfAny(objects: number): void {
    if (this.#count > 0)
      throw new CliError("Refused", `${this.#count} of ${objects} objects refused, as said above`);
  }
}
