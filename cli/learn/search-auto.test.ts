import { expect, test } from 'vitest';
import type { PipelineData } from '../../shared/learn/pipeline-data.ts';
import { createTableBuilder } from '../../shared/table/table-builder.ts';
import { searchAuto } from './search-auto.ts';

const INPUTS = [{ name: 'x', type: 'number', missing: 'impute' }] as const;

/** Targets that no float32 holds: every model's answers are infinite. */
function hugeTargets(): PipelineData {
  const builder = createTableBuilder(INPUTS);
  for (let i = 0; i < 30; i++) {
    builder.begin();
    builder.setNumber(0, i);
    builder.commit(1e300 * (i + 1), 0);
  }
  const table = builder.build();
  return { task: 'regression', inputs: INPUTS, table, classes: [], weights: null };
}

test('where no candidate can be fitted the search ends early, and says what the first one said', async () => {
  const told: string[] = [];
  const found = await searchAuto(
    {
      context: {
        process: { stdout: { write: () => undefined }, stderr: { write: () => undefined } },
        environment: {},
        cwd: '.',
      },
      flags: {
        ...{ task: 'regression', algorithm: 'auto', budgetSeconds: 300, threads: 1, seed: 1 },
        ...{ out: 'model', json: false },
        threshold: { type: 'contamination', contamination: 0.1 },
        ...{ sensitiveInput: false, minGroupSize: 20 },
      },
      tell: (sentence) => told.push(sentence),
    },
    hugeTargets(),
  );
  if (found.ok) throw new Error('A model of infinities');
  expect(found.error.message).toMatch(
    /^None of 2\d candidates could be fitted\. The first was [a-z-]+: its answers are not finite/,
  );
  expect(told).toHaveLength(5);
});
