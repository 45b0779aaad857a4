/** Counts by names that routings know: channels and agents. They are bounded, as routings may come and go for years. */
import { Counter, type Registry } from "prom-client";

/** What is counted. */
export interface NamedCountsOptions<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly Label[];
  /** Different rows of labels that are kept apart; further ones count together. */
  readonly maxRows?: number | undefined;
}

interface CountRow {
  /** Of the labels, in the order of their names. */
  readonly values: readonly string[];
  count: number;
}

const other = "other";

/**
 * A counter with several labels, which prom-client sees when somebody asks: it looks labels up at each increment, and
 * this is counted in each turn. Rows beyond the bound count in one whose labels are all `other`.
 */
export class NamedCounts<Label extends string> {
  readonly #labelNames: readonly Label[];
  readonly #maxRows: number;
  readonly #rows = new Map<string, CountRow>();

  constructor(
    registers: Registry[],
    { name, help, labelNames, maxRows = 10_000 }: NamedCountsOptions<Label>,
  ) {
    this.#labelNames = labelNames;
    this.#maxRows = maxRows;
    const rows = this.#rows;
    new Counter<string>({
      name,
      help,
      labelNames: [...labelNames],
      registers,
      collect() {
        this.reset();
        for (const { values, count } of rows.values()) this.inc(labelled(labelNames, values), count);
      },
    });
  }

  add(labels: Readonly<Record<Label, string>>, amount = 1): void {
    const values = this.#labelNames.map((name) => labels[name]);
    const row = this.#rows.get(keyOf(values)) ?? this.#newRow(values);
    row.count += amount;
  }

  #newRow(values: readonly string[]): CountRow {
    if (this.#rows.size < this.#maxRows) return this.#insert(values);
    const others = values.map(() => other);
    return this.#rows.get(keyOf(others)) ?? this.#insert(others);
  }

  #insert(values: readonly string[]): CountRow {
    const row = { values, count: 0 };
    this.#rows.set(keyOf(values), row);
    return row;
  }
}

function keyOf(values: readonly string[]): string {
  return values.join("\0");
}

function labelled(names: readonly string[], values: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name, place) => [name, values[place] ?? ""]));
}
