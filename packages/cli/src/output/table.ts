/** Columns of text, as kubectl sets them: upper-case heads, three spaces between. */

/** One column: its head, and the cell for an item. */
export interface Column<T> {
  readonly title: string;
  readonly cell: (item: T) => string;
  /** Shown with `-o wide` only. */
  readonly wide?: boolean;
}

/** The lines of a table; `-` stands for an empty cell. */
export function renderTable<T>(
  columns: readonly Column<T>[],
  items: readonly T[],
  options: { readonly headers: boolean; readonly wide: boolean },
): readonly string[] {
  const shown = columns.filter((column) => options.wide || column.wide !== true);
  const heads = options.headers ? [shown.map(({ title }) => title)] : [];
  const rows = [...heads, ...items.map((item) => shown.map(({ cell }) => cell(item) || "-"))];
  const widths = shown.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("   ")
      .trimEnd(),
  );
}
