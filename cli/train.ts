import { buildCommand } from '@stricli/core';
import { isSemver } from '../shared/core/semver.ts';
import type { CliContext } from './context.ts';
import type { TrainFlags } from './train/run-train.ts';

const path = (brief: string, placeholder: string) =>
  ({ kind: 'parsed', parse: String, brief, placeholder }) as const;

/** `edgewise train USE_CASE --data FILE.csv --version 1.0.0 --out DIR` */
export const train = buildCommand<TrainFlags, [string], CliContext>({
  loader: async () => (await import('./train/run-train.ts')).runTrain,
  parameters: {
    flags: {
      data: path('CSV whose header names the inputs and the target', 'FILE.csv'),
      test: {
        ...path('CSV to measure on; without it a fifth of --data is kept back', 'FILE.csv'),
        optional: true,
      },
      version: {
        kind: 'parsed',
        parse: parseVersion,
        brief: 'The version to make, like 1.0.0',
        placeholder: 'VERSION',
      },
      out: path('Folder to write the version to', 'DIR'),
      seed: {
        kind: 'parsed',
        parse: parseSeed,
        brief: 'The same seed and data give the same model',
        placeholder: 'N',
        default: '42',
      },
      json: {
        kind: 'boolean',
        brief: 'JSON on standard output, sentences on standard error',
        default: false,
        withNegated: false,
      },
    },
    positional: {
      kind: 'tuple',
      parameters: [
        {
          brief: 'Id of a use case, or a file that exports one',
          parse: String,
          placeholder: 'USE_CASE',
        },
      ],
    },
  },
  docs: { brief: 'Train a version of a use case on a CSV' },
});

function parseVersion(text: string): string {
  if (isSemver(text)) return text;
  throw new Error(`Expected a version like 1.2.3, found "${text}"`);
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed < 2 ** 32) return seed;
  throw new Error(`Expected a whole number below 2^32, found "${text}"`);
}
