import { isTestFile, resolveRelative, type Sources } from './check-boundaries.ts';
import { importsOf } from './imports-of.ts';

/**
 * Circular imports, each once, as `a -> b -> a`. Type imports are left out: they are erased, and a
 * Durable Object's type in the environment that it is given itself cannot be had otherwise.
 */
export function findCycles(sources: Sources): string[] {
  const graph = importGraph(sources);
  const cycles: string[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): void => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      cycles.push([...trail.slice(at), path].join(' -> '));
      return;
    }
    if (done.has(path)) return;
    trail.push(path);
    for (const next of graph.get(path) ?? []) visit(next);
    trail.pop();
    done.add(path);
  };
  for (const path of graph.keys()) visit(path);
  return cycles;
}

function importGraph(sources: Sources): Map<string, string[]> {
  const graph = new Map<string, string[]>();
  for (const [path, text] of sources) {
    if (isTestFile(path)) continue;
    const targets = importsOf(path, text)
      .filter(({ specifier, isTypeOnly }) => specifier.startsWith('.') && !isTypeOnly)
      .map(({ specifier }) => resolveRelative(path, specifier))
      .filter((target) => sources.has(target));
    graph.set(path, targets);
  }
  return graph;
}
