import { buildCommand } from '@stricli/core';
import type { CliContext } from './context.ts';
import { jsonFlag, pathArgument, seedFlag, textFlag, versionFlag } from './routes/flags.ts';
import type { TrainFlags } from './train/run-train.ts';

/** `edgewise train USE_CASE --data FILE.csv --version 1.0.0 --out DIR` */
export const train = buildCommand<TrainFlags, [string], CliContext>({
  loader: async () => (await import('./train/run-train.ts')).runTrain,
  parameters: {
    flags: {
      data: textFlag('CSV whose header names the inputs and the target', 'FILE.csv'),
      test: {
        ...textFlag('CSV to measure on; without it a fifth of --data is kept back', 'FILE.csv'),
        optional: true,
      },
      version: versionFlag,
      out: textFlag('Folder to write the version to', 'DIR'),
      seed: seedFlag('The same seed and data give the same model'),
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [pathArgument('Id of a use case, or a file that declares one', 'USE_CASE')],
    },
  },
  docs: { brief: 'Train a version of a use case on a CSV' },
});
