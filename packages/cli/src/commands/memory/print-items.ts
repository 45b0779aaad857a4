import { renderStructured } from "../../output/structured.ts";
import { type Column, renderTable } from "../../output/table.ts";
import type { Terminal } from "../../terminal.ts";
import type { ShownUserOptions } from "./user-options.ts";

/** How items are shown. */
export interface ItemsView<T> {
  readonly columns: readonly Column<T>[];
  readonly output: ShownUserOptions["output"];
  /** What is said beside a table that is empty. */
  readonly nothing: string;
}

/** Prints items as a table or for a program. */
export function printItems<T>(
  items: readonly T[],
  { columns, output, nothing }: ItemsView<T>,
  terminal: Terminal,
): void {
  if (output !== "table" && output !== "wide") {
    terminal.print(renderStructured(output, items));
  } else if (items.length === 0) {
    terminal.hint(nothing);
  } else {
    const lines = renderTable(columns, items, { headers: true, wide: output === "wide" });
    for (const line of lines) terminal.print(line);
  }
}
