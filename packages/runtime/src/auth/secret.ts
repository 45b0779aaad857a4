/** A text that no log line and no JSON shows: it has to be asked for by its name. */
import { inspect } from "node:util";

const shown = "[secret]";

/** Holds a secret. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [inspect.custom](): string {
    return shown;
  }
}
