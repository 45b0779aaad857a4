/**
 * How many examples a routing carries. Its capabilities' examples may take 256 KiB of JSON in all; beyond that every
 * capability keeps its first `n` examples, with the largest `n` for which all of them fit. That is fair to each
 * capability, and an agent with few examples loses none.
 */

/** Bytes of JSON that the examples of one routing may take. */
export const exampleBudgetBytes = 256 * 1024;

/** The examples of each capability, cut to the budget. */
export function fitExamples(
  lists: readonly (readonly string[])[],
  budgetBytes: number = exampleBudgetBytes,
): readonly (readonly string[])[] {
  const sizes = lists.map((list) => list.map(sizeOf));
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  let used = 0;
  let count = 0;
  while (count < longest) {
    used += sizes.reduce((sum, list) => sum + (list[count] ?? 0), 0);
    if (used > budgetBytes) break;
    count += 1;
  }
  return lists.map((list) => list.slice(0, count));
}

/** An example as JSON, with the comma after it. */
function sizeOf(example: string): number {
  return Buffer.byteLength(JSON.stringify(example)) + 1;
}
