import { buildCommand } from '@stricli/core';
import type { CliContext } from '../context.ts';
import { jsonFlag } from '../routes/flags.ts';
import type { QualityFlags } from './run-quality.ts';

const text = (brief: string, placeholder: string) =>
  ({ kind: 'parsed', parse: String, brief, placeholder }) as const;

/** `edgewise quality FILE.csv [--target COL]` */
export const quality = buildCommand<QualityFlags, [string], CliContext>({
  loader: async () => (await import('./run-quality.ts')).runQuality,
  parameters: {
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: 'CSV with a header, or Parquet', parse: String, placeholder: 'FILE.csv' },
      ],
    },
    flags: {
      target: {
        kind: 'parsed',
        parse: String,
        brief:
          'Column to be predicted: its classes are counted, and columns that know it are named',
        placeholder: 'COL',
        optional: true,
      },
      html: { ...text('Report to write, one self-contained page', 'FILE.html'), optional: true },
      markdown: { ...text('The same report as Markdown', 'FILE.md'), optional: true },
      report: { ...text('The same report as JSON', 'FILE.json'), optional: true },
      json: jsonFlag,
    },
  },
  docs: { brief: 'Say what a CSV is like, and what in it stands in the way of learning' },
});
