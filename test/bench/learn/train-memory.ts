import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Bench, type BenchRow, median } from '../row.ts';

const RUNS = 3;
const ROWS = 200_000;
const COLUMNS = 30;
const BAR_MEGABYTES = 64;

export const trainMemory: Bench = { name: 'train-memory', run };

type Measured = { idle: number; withData: number; peak: number; seconds: number; rounds: number };

/** A process of its own each time: the peak of a process never falls. */
function measure(): Measured {
  const child = join(import.meta.dirname, 'train-memory-child.ts');
  const printed = execFileSync(process.execPath, [child, String(ROWS), String(COLUMNS)]);
  return JSON.parse(printed.toString());
}

async function run(): Promise<BenchRow> {
  const runs = Array.from({ length: RUNS }, measure);
  const value = median(runs.map(({ peak, idle }) => peak - idle));
  return {
    name: 'train-memory',
    question: `How far does a process rise above idle, its data included, while boosting on ${ROWS} x ${COLUMNS} rows?`,
    value,
    unit: 'MB',
    bar: `<= ${BAR_MEGABYTES} MB`,
    holds: value <= BAR_MEGABYTES,
    detail: { runs },
  };
}
