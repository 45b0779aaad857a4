/** A header's first value: some may come more than once. */
export function firstValue(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "string" ? header : header?.[0];
}
