import { buildCommand } from '@stricli/core';
import type { CliContext } from '../context.ts';
import { jsonFlag } from '../routes/flags.ts';
import type { FitFlags } from './fit-call.ts';

const text = (brief: string, placeholder: string) =>
  ({ kind: 'parsed', parse: String, brief, placeholder }) as const;

/** `edgewise fit FILE.csv --target COL --task binary --out DIR` */
export const fit = buildCommand<FitFlags, [string], CliContext>({
  loader: async () => (await import('./run-fit.ts')).runFit,
  parameters: {
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'CSV with a header', parse: String, placeholder: 'FILE.csv' }],
    },
    flags: {
      target: {
        ...text('Column to be predicted; of anomalies, which rows are strange', 'COL'),
        optional: true,
      },
      task: {
        kind: 'enum',
        values: ['regression', 'binary', 'multiclass', 'anomaly', 'clustering'],
        brief: 'What is to be learnt',
      },
      test: {
        ...text('CSV to measure on; without it a fifth of the rows is kept back', 'FILE.csv'),
        optional: true,
      },
      algorithm: {
        ...text('A name from `edgewise algorithms`, or auto', 'NAME'),
        default: 'auto',
      },
      budgetSeconds: {
        kind: 'parsed',
        parse: parseSeconds,
        brief: 'With auto: how long to search and fit',
        placeholder: 'S',
        default: '60',
      },
      trials: {
        kind: 'parsed',
        parse: parseCount,
        brief: 'With auto: candidates at most',
        placeholder: 'N',
        optional: true,
      },
      objective: {
        ...text('With auto: rmse, mae, roc_auc, pr_auc or log_loss', 'METRIC'),
        optional: true,
      },
      threads: {
        kind: 'parsed',
        parse: parseCount,
        brief: 'With auto: threads to use; else all',
        placeholder: 'N',
        optional: true,
      },
      seed: {
        kind: 'parsed',
        parse: parseSeed,
        brief: 'The same seed and data give the same model, but for a time budget',
        placeholder: 'N',
        default: '42',
      },
      out: text('Folder to write the model to', 'DIR'),
      json: jsonFlag,
    },
  },
  docs: { brief: 'Fit a model to a CSV: one algorithm, or the best of many' },
});

function parseSeconds(words: string): number {
  const seconds = Number(words);
  if (words.trim() !== '' && seconds > 0 && seconds <= 86_400) return seconds;
  throw new Error(`Expected seconds above 0 and up to 86400, found "${words}"`);
}

function parseCount(words: string): number {
  const count = Number(words);
  if (/^\d+$/.test(words) && count >= 1 && count <= 1_000_000) return count;
  throw new Error(`Expected a whole number from 1, found "${words}"`);
}

function parseSeed(words: string): number {
  const seed = Number(words);
  if (/^\d+$/.test(words) && seed < 2 ** 32) return seed;
  throw new Error(`Expected a whole number below 2^32, found "${words}"`);
}
