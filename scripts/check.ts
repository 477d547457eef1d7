import { runChecks } from './run-suites.ts';
import { formatCounts } from './test-counts.ts';

const counts = await runChecks();
console.log(formatCounts(counts));
if (counts.failed > 0) process.exitCode = 1;
