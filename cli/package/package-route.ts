import { buildCommand } from '@stricli/core';
import type { CliContext } from '../context.ts';
import { jsonFlag, pathArgument, seedFlag, textFlag, versionFlag } from '../routes/flags.ts';
import type { PackageFlags } from './run-package.ts';

/** `edgewise package MODEL.onnx --use-case churn.json --data FILE.csv --version 1.0.0 --out DIR` */
export const packageModel = buildCommand<PackageFlags, [string], CliContext>({
  loader: async () => (await import('./run-package.ts')).runPackage,
  parameters: {
    positional: {
      kind: 'tuple',
      parameters: [pathArgument('ONNX file, or the model.json of a tfjs model', 'MODEL')],
    },
    flags: {
      useCase: textFlag('Id of a use case, or a schema file (edgewise declare)', 'USE_CASE'),
      data: textFlag('CSV with outcomes that the model has not seen: its reference', 'FILE.csv'),
      columns: {
        ...textFlag('Columns of its one matrix, in order; else the declared inputs', 'A,B,C'),
        optional: true,
      },
      version: versionFlag,
      out: textFlag('Folder to write the version to', 'DIR'),
      seed: seedFlag('The same seed and rows give the same importances'),
      json: jsonFlag,
    },
  },
  docs: { brief: 'Make a version of a model that was exported elsewhere' },
});
