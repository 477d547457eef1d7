import { expect, test } from 'vitest';
import { planMemory } from '../../cli/learn/memory-budget.ts';
import type { MemoryWatch } from '../../cli/learn/memory-watch.ts';
import { runSearch } from '../../cli/learn/run-search.ts';
import { createRng } from '../../shared/core/rng.ts';
import { bytesOf } from '../../shared/learn/automl/bytes-of.ts';
import { startAutoMl } from '../../shared/learn/automl/session.ts';
import type { PipelineData } from '../../shared/learn/pipeline-data.ts';
import { createTableBuilder } from '../../shared/table/table-builder.ts';

const MB = 2 ** 20;
const BUDGET_MB = 110;
const LOOK_EVERY_MS = 10;

const INPUTS = Array.from(
  { length: 8 },
  (_, i) => ({ name: `x${i}`, type: 'number', missing: 'impute' }) as const,
);

function tableOf(rows: number): PipelineData {
  const rng = createRng(4);
  const builder = createTableBuilder(INPUTS);
  for (let row = 0; row < rows; row++) {
    const values = INPUTS.map(rng);
    builder.begin();
    values.forEach((value, i) => {
      builder.setNumber(i, value);
    });
    builder.commit(values[0] * values[1] + 0.3 * values[2] + rng(), 0);
  }
  const table = builder.build();
  return { task: 'regression', inputs: INPUTS, table, classes: [], weights: null };
}

type Budget = Parameters<typeof startAutoMl>[1]['memory'];

/** By how many megabytes the process grew at most, and what was fitted. */
async function searched(data: PipelineData, memory: Budget, watch: MemoryWatch | null) {
  const session = startAutoMl(data, {
    ...{ objective: 'rmse', seed: 1, maxMembers: 4, memory },
    algorithms: ['extra-trees', 'random-forest', 'ridge'],
  });
  if (!session.ok) throw new Error(session.error.reason);
  const idle = process.memoryUsage.rss();
  let most = idle;
  const looking = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, LOOK_EVERY_MS);
  const outcome = await runSearch({
    ...{ data, session: session.value, objective: 'rmse', threads: 1, watch },
    ...{ budgetSeconds: 600, maxTrials: 3, isInterrupted: () => false },
    progress: { show: () => undefined, end: () => undefined },
    tell: () => undefined,
  });
  clearInterval(looking);
  return { grewMb: (most - idle) / MB, predictor: outcome.fitted?.predictor, session };
}

test('a search within a memory budget stays below it, measured from outside; without one it does not', async () => {
  const data = tableOf(10_000);
  const budget = planMemory(data, { budgetMb: BUDGET_MB, threads: 2 });
  if (!budget.ok) throw new Error(budget.error.message);
  const { memory, watch } = budget.value;
  const within = await searched(data, memory, watch);
  expect(within.grewMb).toBeLessThan(BUDGET_MB);
  expect(watch.peakBytes()).toBeLessThan(BUDGET_MB * MB);
  expect(bytesOf(within.predictor)).toBeLessThanOrEqual(memory.modelBytes);
  expect(within.session.value.limited().map(({ algorithm }) => algorithm)).toContain('extra-trees');
  const without = await searched(data, null, null);
  expect(without.grewMb).toBeGreaterThan(BUDGET_MB);
});
