import { buildCommand } from '@stricli/core';
import { CALIBRATION_METHODS } from '../../shared/learn/calibration/calibration.ts';
import type { CliContext } from '../context.ts';
import {
  jsonFlag,
  pathArgument,
  secondsFlag,
  seedFlag,
  textFlag,
  wholeNumberFlag,
} from '../routes/flags.ts';
import { fairnessFlags } from './fairness-flags.ts';
import type { FitFlags } from './fit-call.ts';
import { outlierFlag } from './outlier-flag.ts';
import { thresholdFlag } from './threshold-flag.ts';

const COUNT = { least: 1, most: 1_000_000 };

/** `edgewise fit FILE.csv --target COL --task binary --out DIR` */
export const fit = buildCommand<FitFlags, [string], CliContext>({
  loader: async () => (await import('./run-fit.ts')).runFit,
  parameters: {
    positional: {
      kind: 'tuple',
      parameters: [pathArgument('CSV with a header', 'FILE.csv')],
    },
    flags: {
      target: {
        ...textFlag('Column to be predicted; of anomalies, which rows are strange', 'COL'),
        optional: true,
      },
      task: {
        kind: 'enum',
        values: ['regression', 'binary', 'multiclass', 'anomaly', 'clustering'],
        brief: 'What is to be learnt',
      },
      test: {
        ...textFlag('CSV to measure on; without it a fifth of the rows is kept back', 'FILE.csv'),
        optional: true,
      },
      algorithm: {
        ...textFlag('A name from `edgewise algorithms`, or auto', 'NAME'),
        default: 'auto',
      },
      settings: {
        ...textFlag(
          'Parameters, recipe, ensemble, split and columns: a JSON file, JSON itself, or a manifest to fit again',
          'FILE.json',
        ),
        optional: true,
      },
      budgetSeconds: {
        ...secondsFlag('With auto: how long to search and fit; else 60'),
        optional: true,
      },
      budgetMb: {
        ...wholeNumberFlag('With auto: memory that the search, its fits and models may hold', {
          least: 1,
          most: 1_000_000,
        }),
        placeholder: 'MB',
        optional: true,
      },
      trials: { ...wholeNumberFlag('With auto: candidates at most', COUNT), optional: true },
      objective: {
        ...textFlag('With auto: rmse, mae, roc_auc, pr_auc, log_loss or brier', 'METRIC'),
        optional: true,
      },
      threads: {
        ...wholeNumberFlag('With auto: threads to use; else all', { least: 1, most: 256 }),
        optional: true,
      },
      threshold: thresholdFlag,
      calibrate: {
        kind: 'enum',
        values: CALIBRATION_METHODS,
        brief: 'Of classes: make probabilities honest, by rows held out',
        optional: true,
      },
      outliers: outlierFlag,
      ...fairnessFlags,
      warmStart: {
        ...textFlag(
          'Folder of a model to go on from: more rounds, or from its coefficients',
          'DIR',
        ),
        optional: true,
      },
      seed: seedFlag('The same seed and data give the same model, but for a time budget'),
      out: textFlag('Folder to write the model to', 'DIR'),
      json: jsonFlag,
    },
  },
  docs: { brief: 'Fit a model to a CSV: one algorithm, or the best of many' },
});
