/** The circles of a graph, each once, as the walk that closes it: `a → b → a`. */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  for (const start of graph.keys()) walk(start, []);
  return cycles;

  function walk(node: string, trail: readonly string[]): void {
    const first = trail.indexOf(node);
    if (first >= 0) cycles.push([...trail.slice(first), node]);
    if (first >= 0 || done.has(node)) return;
    for (const next of graph.get(node) ?? []) walk(next, [...trail, node]);
    done.add(node);
  }
}
