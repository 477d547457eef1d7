import { buildCommand } from '@stricli/core';
import type { CliContext } from '../context.ts';
import { jsonFlag, pathArgument, textFlag } from '../routes/flags.ts';
import type { PredictFlags } from './run-predict.ts';

/** `edgewise predict DIR --data FILE.csv --out FILE.csv` */
export const predict = buildCommand<PredictFlags, [string], CliContext>({
  loader: async () => (await import('./run-predict.ts')).runPredict,
  parameters: {
    positional: {
      kind: 'tuple',
      parameters: [pathArgument('Folder that fit wrote', 'DIR')],
    },
    flags: {
      data: textFlag('CSV with the columns that the model was fitted on', 'FILE.csv'),
      out: textFlag('CSV to write: a row per row', 'FILE.csv'),
      runtime: {
        kind: 'enum',
        values: ['own', 'onnxruntime'],
        brief: 'Which runtime answers; without it our own where it can',
        optional: true,
      },
      json: jsonFlag,
    },
  },
  docs: { brief: 'Predict the rows of a CSV by a fitted model' },
});
