/** The first cycle in a graph of files, as the list of its members; empty when there is none. */
export function findCycle(edges: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const finished = new Set<string>();
  for (const start of edges.keys()) {
    const cycle = follow(start, [], { edges, finished });
    if (cycle.length > 0) return cycle;
  }
  return [];
}

function follow(
  node: string,
  path: readonly string[],
  graph: { readonly edges: ReadonlyMap<string, readonly string[]>; readonly finished: Set<string> },
): readonly string[] {
  if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
  if (graph.finished.has(node)) return [];
  for (const next of graph.edges.get(node) ?? []) {
    const cycle = follow(next, [...path, node], graph);
    if (cycle.length > 0) return cycle;
  }
  graph.finished.add(node);
  return [];
}
