import { parseArgs } from 'node:util';
import { runChecks, runSuites } from './run-suites.ts';
import { addCounts, formatCounts } from './test-counts.ts';

const { values } = parseArgs({ options: { only: { type: 'string' } } });

/** `--only parity,...` runs those projects alone; without it, all that need nothing beside the checkout. */
const counts = values.only
  ? await runSuites(values.only.split(','), 1)
  : addCounts([
      await runChecks(),
      await runSuites(['workerd', 'simulation', 'long'], 2),
      await runSuites(['browser', 'journey'], 1),
    ]);

console.log(formatCounts(counts));
if (counts.failed > 0) process.exitCode = 1;
