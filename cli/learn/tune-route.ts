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
import type { CostLimit, TuneFlags } from './tune-call.ts';
import { PRUNERS } from './tune-pruner.ts';

function parseCostLimit(words: string): CostLimit {
  const [name, number, ...rest] = words.split('=');
  const cost = MODEL_COSTS.find((each) => each === name);
  const limit = Number(number);
  if (cost !== undefined && rest.length === 0 && number?.trim() && limit > 0 && limit < Infinity)
    return { cost, limit };
  throw new Error(`Expected ${MODEL_COSTS.join(', ')} with "=" and a number, found "${words}"`);
}

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
        values: ['tpe', 'gp', 'cma-es', 'nsga-ii', 'sobol', 'random', 'grid'],
        brief: 'How the next trial is chosen',
        default: 'tpe',
      },
      pruner: {
        kind: 'enum',
        values: PRUNERS,
        brief: 'How a trial is given up between folds: by the median, or none beside --also',
        optional: true,
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
      atMost: {
        kind: 'parsed',
        parse: parseCostLimit,
        variadic: ',',
        brief: 'What the exported model may cost: a trial beyond it is not chosen',
        placeholder: 'bytes=N|latency=MICROSECONDS|memory=BYTES',
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
