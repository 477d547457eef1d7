import { buildCommand } from '@stricli/core';
import type { CliContext } from '../context.ts';
import {
  jsonFlag,
  pathArgument,
  secondsFlag,
  seedFlag,
  textFlag,
  wholeNumberFlag,
} from '../routes/flags.ts';
import { MODEL_COSTS } from './measure-export.ts';
import type { TuneFlags } from './tune-call.ts';

/** `edgewise tune FILE.csv --target COL --task binary --trials 100 --json` */
export const tune = buildCommand<TuneFlags, [string], CliContext>({
  loader: async () => (await import('./run-tune.ts')).runTune,
  parameters: {
    positional: {
      kind: 'tuple',
      parameters: [pathArgument('CSV with a header', 'FILE.csv')],
    },
    flags: {
      target: textFlag('Column to be predicted', 'COL'),
      task: {
        kind: 'enum',
        values: ['regression', 'binary', 'multiclass'],
        brief: 'What the target is',
      },
      algorithm: {
        ...textFlag('Names from `edgewise algorithms`, with commas between', 'NAME'),
        default: 'hist-gradient-boosting',
      },
      trials: { ...wholeNumberFlag('Trials at most', { least: 1, most: 100_000 }), default: '50' },
      sampler: {
        kind: 'enum',
        values: ['tpe', 'gp', 'cma-es', 'nsga-ii', 'sobol', 'random'],
        brief: 'How the next trial is chosen',
        default: 'tpe',
      },
      objective: {
        ...textFlag('rmse, mae, roc_auc, pr_auc, log_loss or brier', 'METRIC'),
        optional: true,
      },
      also: {
        kind: 'enum',
        values: MODEL_COSTS,
        variadic: ',',
        brief: 'Objectives beside it, of the exported model: the answer is a front',
        optional: true,
      },
      folds: { ...wholeNumberFlag('Folds of each trial', { least: 2, most: 20 }), default: '5' },
      budgetSeconds: { ...secondsFlag('No trial begins after so many seconds'), optional: true },
      patience: {
        ...wholeNumberFlag('Stops after so many trials that are no better', {
          least: 1,
          most: 100_000,
        }),
        optional: true,
      },
      study: {
        ...textFlag(
          'Kept after each trial; where it is there already, the search goes on',
          'FILE.json',
        ),
        optional: true,
      },
      seed: seedFlag('The same seed and data give the same trials'),
      json: jsonFlag,
    },
  },
  docs: { brief: 'Search the parameters of one algorithm or several by cross-validation' },
});
