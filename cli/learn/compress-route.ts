import { buildCommand } from '@stricli/core';
import type { CliContext } from '../context.ts';
import { jsonFlag, pathArgument, textFlag } from '../routes/flags.ts';
import { COMPRESS_METHODS, type CompressFlags } from './compress-call.ts';

/** `edgewise compress DIR --data FILE.csv --out DIR` */
export const compress = buildCommand<CompressFlags, [string], CliContext>({
  loader: async () => (await import('./run-compress.ts')).runCompress,
  parameters: {
    positional: {
      kind: 'tuple',
      parameters: [pathArgument('Folder that fit wrote', 'DIR')],
    },
    flags: {
      data: textFlag('CSV to measure on: best rows that the model has not seen', 'FILE.csv'),
      methods: {
        kind: 'enum',
        values: COMPRESS_METHODS,
        variadic: ',',
        brief: 'What to try: trees merged or pruned too, weights in 16 or 8 bits',
        default: COMPRESS_METHODS,
      },
      mostLoss: {
        kind: 'parsed',
        parse: parseShare,
        brief: 'By what share of itself the loss may grow',
        placeholder: 'SHARE',
        default: '0.01',
      },
      out: textFlag('Folder to write the smallest to that loses no more', 'DIR'),
      json: jsonFlag,
    },
  },
  docs: { brief: 'Make a fitted model smaller, and measure what that costs' },
});

function parseShare(words: string): number {
  const share = Number(words);
  if (words.trim() !== '' && share >= 0 && share <= 10) return share;
  throw new Error(`Expected a share such as 0.01, found "${words}"`);
}
