import { readFileSync } from 'node:fs';
import { createRng, normal } from '../../../shared/core/rng.ts';
import type { Table } from '../../../shared/table/table.ts';
import { fitBoosting } from './boosting-fit.ts';

const ROUNDS = 100;

/** Megabytes resident: now, or the most there were. */
function residentMegabytes(field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(status.match(new RegExp(`^${field}:\\s+(\\d+)`, 'm'))![1]) / 1024;
}

/** Normal columns; the target hangs on a few of them. */
function randomTable(rows: number, columns: number): Table {
  const rng = createRng(1);
  const target = new Float64Array(rows);
  const made = Array.from({ length: columns }, (_, column) => {
    const values = new Float32Array(rows);
    for (let row = 0; row < rows; row++) {
      values[row] = normal(rng);
      if (column < 5) target[row] += values[row] * (column + 1) + Math.abs(values[row]);
    }
    return { type: 'number' as const, name: `x${column}`, values };
  });
  return { rows, columns: made, target, order: null };
}

const [rows, columns] = process.argv.slice(2).map(Number);
const idle = residentMegabytes('VmRSS');
const table = randomTable(rows, columns);
const withData = residentMegabytes('VmRSS');
const startedMs = performance.now();
fitBoosting(table, ROUNDS);
const seconds = (performance.now() - startedMs) / 1000;
const peak = residentMegabytes('VmHWM');
console.log(JSON.stringify({ idle, withData, peak, seconds, rounds: ROUNDS }));
