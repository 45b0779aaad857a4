/** Objects that the cluster refused among others that it took. */
import type { Refusal } from "@lmos/local";
import { CliError } from "./errors.ts";
import type { Terminal } from "./terminal.ts";

/** Says each as it comes, and fails when all are through. */
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

  /** Throws CliError `Refused` where there were any among so many objects. */
  throwIfAny(objects: number): void {
    if (this.#count > 0)
      throw new CliError("Refused", `${this.#count} of ${objects} objects refused, as said above`);
  }
}
