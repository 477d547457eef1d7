import { buildCommand } from '@stricli/core';
import type { CliContext } from '../context.ts';
import type { TuneFlags } from './tune-call.ts';

const text = (brief: string, placeholder: string) =>
  ({ kind: 'parsed', parse: String, brief, placeholder }) as const;

const wholeNumber = (brief: string, { least, most }: { least: number; most: number }) => ({
  ...{ kind: 'parsed' as const, brief, placeholder: 'N' },
  parse: (words: string): number => {
    const count = Number(words);
    if (/^\d+$/.test(words) && count >= least && count <= most) return count;
    throw new Error(`Expected a whole number from ${least} to ${most}, found "${words}"`);
  },
});

/** `edgewise tune FILE.csv --target COL --task binary --trials 100 --json` */
export const tune = buildCommand<TuneFlags, [string], CliContext>({
  loader: async () => (await import('./run-tune.ts')).runTune,
  parameters: {
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'CSV with a header', parse: String, placeholder: 'FILE.csv' }],
    },
    flags: {
      target: text('Column to be predicted', 'COL'),
      task: {
        kind: 'enum',
        values: ['regression', 'binary', 'multiclass'],
        brief: 'What the target is',
      },
      algorithm: {
        ...text('Names from `edgewise algorithms`, with commas between', 'NAME'),
        default: 'hist-gradient-boosting',
      },
      trials: { ...wholeNumber('Trials at most', { least: 1, most: 100_000 }), default: '50' },
      sampler: {
        kind: 'enum',
        values: ['tpe', 'gp', 'cma-es', 'nsga-ii', 'sobol', 'random'],
        brief: 'How the next trial is chosen',
        default: 'tpe',
      },
      objective: {
        ...text('rmse, mae, roc_auc, pr_auc or log_loss', 'METRIC'),
        optional: true,
      },
      also: {
        kind: 'enum',
        values: ['bytes', 'latency'],
        brief: 'A second objective, of the exported model: the answer is a front',
        optional: true,
      },
      folds: { ...wholeNumber('Folds of each trial', { least: 2, most: 20 }), default: '5' },
      budgetSeconds: {
        ...wholeNumber('No trial begins after so many seconds', { least: 1, most: 86_400 }),
        optional: true,
      },
      patience: {
        ...wholeNumber('Stops after so many trials that are no better', {
          least: 1,
          most: 100_000,
        }),
        optional: true,
      },
      study: {
        ...text(
          'Kept after each trial; where it is there already, the search goes on',
          'FILE.json',
        ),
        optional: true,
      },
      seed: {
        ...wholeNumber('The same seed and data give the same trials', {
          least: 0,
          most: 2 ** 32 - 1,
        }),
        default: '42',
      },
      json: {
        kind: 'boolean',
        brief: 'JSON on standard output, sentences on standard error',
        default: false,
        withNegated: false,
      },
    },
  },
  docs: { brief: 'Search the parameters of one algorithm or several by cross-validation' },
});
