import { buildCommand } from '@stricli/core';
import type { CliContext } from '../context.ts';
import { jsonFlag, pathArgument, textFlag, wholeNumberFlag } from '../routes/flags.ts';
import type { ExplainFlags } from './run-explain.ts';

/** `edgewise explain DIR --data FILE.csv --out FILE.json` */
export const explain = buildCommand<ExplainFlags, [string], CliContext>({
  loader: async () => (await import('./run-explain.ts')).runExplain,
  parameters: {
    positional: {
      kind: 'tuple',
      parameters: [pathArgument('Folder that fit wrote', 'DIR')],
    },
    flags: {
      data: textFlag('CSV of the rows to explain', 'FILE.csv'),
      out: textFlag(
        'JSON to write: a prediction, its base and its contributions per row',
        'FILE.json',
      ),
      rows: {
        ...wholeNumberFlag('Explain the first rows alone', { least: 1, most: 1_000_000_000 }),
        optional: true,
      },
      json: jsonFlag,
    },
  },
  docs: { brief: 'Say what moved each prediction, and by how much' },
});
