/** The named values of a running case, put in for `<name>` in texts and objects. */
import { isRecord } from "@lmos/primitives";

/** Values by name. */
export class Values {
  readonly #values: Map<string, string>;

  constructor(values: Readonly<Record<string, string>>) {
    this.#values = new Map(Object.entries(values));
  }

  set(name: string, value: string): void {
    this.#values.set(name, value);
  }

  /** A text with its names replaced; names that nothing was saved under stay. */
  text(text: string): string {
    return text.replaceAll(/<([A-Za-z]+)>/g, (whole, name: string) => this.#values.get(name) ?? whole);
  }

  /** Any JSON value with the names in its texts and member names replaced. */
  json(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.json(item));
    if (!isRecord(value) || value instanceof RegExp) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [this.text(name), this.json(member)]),
    );
  }
}
