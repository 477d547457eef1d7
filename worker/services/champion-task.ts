import type { Task } from '../../shared/contracts/declaration.ts';
import { readConfiguration } from './flag-configuration.ts';
import type { Scope } from './scope.ts';
import { loadVersionBins } from './version-bins.ts';

/** The task by whose heuristic those are answered who got no version; null without a champion. */
export async function championTaskOf(
  { env, workspace, nowMs }: Scope,
  model: string,
): Promise<Task['type'] | null> {
  const { models } = await readConfiguration(env, workspace, { nowMs });
  const version = models[model]?.champion?.version;
  if (version === undefined) return null;
  const bins = await loadVersionBins(env, { workspace, model, version }, nowMs);
  return bins?.task ?? null;
}
