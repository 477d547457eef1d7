import type { Domain } from './domain.ts';

/**
 * Parameters that are always there together, parents' groups first: what a joint model can be
 * learned of in a conditional space. As Optuna's group decomposition, from the declaration.
 */
export function groupsOf(domains: readonly Domain[]): Domain[][] {
  const groups = new Map<string, Domain[]>();
  for (const domain of domains) {
    const key = JSON.stringify(
      domain.when === null ? null : [domain.when.parameter, [...domain.when.in].map(keyOf).sort()],
    );
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [domain]);
    else group.push(domain);
  }
  return [...groups.values()];
}

const keyOf = (choice: string | number | boolean): string => `${typeof choice} ${choice}`;
