import { Worker } from 'node:worker_threads';
import { ok, type Result } from '../../shared/core/result.ts';
import { bytesOf } from '../../shared/learn/automl/bytes-of.ts';
import { LIBRARY } from '../../shared/learn/automl/choose-members.ts';
import type { PipelineData } from '../../shared/learn/pipeline-data.ts';
import { outputsOf } from '../../shared/learn/task.ts';
import { type CliFailure, failed } from '../failure.ts';
import { ALARM_SHARE, canWatch, type MemoryWatch, startMemoryWatch } from './memory-watch.ts';

export type MemoryBudget = {
  threads: number;
  /** For the session: what one fit may take, and the model that is chosen. */
  memory: { fitBytes: number; modelBytes: number };
  watch: MemoryWatch;
};

const MB = 2 ** 20;
/** A thread at rest: its heap, and the code that it has loaded. */
const THREAD_BYTES = 40 * MB;
/** A thread that has less than this beside can fit little. */
const LEAST_FIT_BYTES = 16 * MB;
/** The table in each thread, and a fold of it on its way to a fit. */
const TABLES = 3;
const FIT_SHARE = 2 / 3;

/**
 * Shares a budget out: threads at rest with their tables, out-of-fold predictions, then fits and models.
 * There are as many threads as leave each room for a fit.
 */
export function planMemory(
  data: PipelineData,
  { budgetMb, threads: most }: { budgetMb: number; threads: number },
): Result<MemoryBudget, CliFailure> {
  if (!canWatch(Worker.prototype))
    return failed(
      'wrong_usage',
      '--budget-mb needs Node 22.16 or newer: older ones cannot measure.',
    );
  const outputs = outputsOf(data.task, data.classes.length);
  const kept = LIBRARY * data.table.rows * outputs * Float32Array.BYTES_PER_ELEMENT;
  const idle = THREAD_BYTES + TABLES * bytesOf(data.table.columns);
  const bytes = ALARM_SHARE * budgetMb * MB - kept;
  const threads = Math.min(most, Math.floor(bytes / (idle + 2 * LEAST_FIT_BYTES)));
  const left = bytes / Math.max(1, threads) - idle;
  if (left < LEAST_FIT_BYTES) {
    const needed = Math.ceil((kept + idle + LEAST_FIT_BYTES) / ALARM_SHARE / MB);
    return failed(
      'rows',
      `--budget-mb ${budgetMb} is too little for this file: it takes ${needed} at least.`,
    );
  }
  const memory = { fitBytes: FIT_SHARE * left, modelBytes: (1 - FIT_SHARE) * left };
  return ok({ threads: Math.max(1, threads), memory, watch: startMemoryWatch(budgetMb * MB) });
}

/** What the budget did, for the report. */
export type MemoryReport = {
  budgetMb: number;
  /** The most that was measured: threads, and the models that they gave. */
  peakMb: number;
  threads: number;
  /** Algorithms that might learn from so many rows at most; 0: they were left out. */
  limited: { algorithm: string; rows: number }[];
};

export const reportMemory = (
  { threads, watch }: MemoryBudget,
  limited: MemoryReport['limited'],
): MemoryReport => ({
  ...{
    budgetMb: watch.mostBytes / MB,
    peakMb: Math.round(watch.peakBytes() / MB),
    threads,
    limited,
  },
});

export function describeMemory(memory: MemoryReport | null): string[] {
  if (memory === null) return [];
  const { budgetMb, peakMb, threads, limited } = memory;
  const fewer = limited.map(({ algorithm, rows }) =>
    rows === 0 ? `${algorithm} was left out` : `${algorithm} had ${rows} rows at most`,
  );
  const why = fewer.length === 0 ? '' : ` To stay within it, ${fewer.join(', ')}.`;
  return [
    `At most ${peakMb} of ${budgetMb} MB were held, by ${threads} thread${threads === 1 ? '' : 's'}.${why}`,
  ];
}
