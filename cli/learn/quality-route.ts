import { buildCommand } from '@stricli/core';
import type { CliContext } from '../context.ts';
import { jsonFlag, pathArgument, textFlag } from '../routes/flags.ts';
import type { QualityFlags } from './run-quality.ts';

/** `edgewise quality FILE.csv [--target COL]` */
export const quality = buildCommand<QualityFlags, [string], CliContext>({
  loader: async () => (await import('./run-quality.ts')).runQuality,
  parameters: {
    positional: {
      kind: 'tuple',
      parameters: [pathArgument('CSV with a header, or Parquet', 'FILE.csv')],
    },
    flags: {
      target: {
        ...textFlag(
          'Column to be predicted: its classes are counted, and columns that know it are named',
          'COL',
        ),
        optional: true,
      },
      html: {
        ...textFlag('Report to write, one self-contained page', 'FILE.html'),
        optional: true,
      },
      markdown: { ...textFlag('The same report as Markdown', 'FILE.md'), optional: true },
      report: { ...textFlag('The same report as JSON', 'FILE.json'), optional: true },
      json: jsonFlag,
    },
  },
  docs: { brief: 'Say what a CSV is like, and what in it stands in the way of learning' },
});
