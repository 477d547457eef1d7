import { buildCommand } from '@stricli/core';
import type { CliContext } from '../context.ts';
import { jsonFlag, pathArgument, textFlag, wholeNumberFlag } from '../routes/flags.ts';
import type { ExplainFlags } from './explain-call.ts';

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
      space: {
        kind: 'enum',
        values: ['prediction', 'margin'],
        brief: 'Contributions to the prediction, or to what is added up before it (log odds)',
        default: 'prediction',
      },
      counterfactuals: {
        ...wholeNumberFlag('Smallest changes to each row that change its answer: N at most', {
          least: 1,
          most: 100,
        }),
        optional: true,
      },
      wanted: {
        ...textFlag('With --counterfactuals: the answer to reach, a class or a range', 'LABEL'),
        placeholder: 'LABEL|LOW..HIGH',
        optional: true,
      },
      fixed: {
        ...textFlag('With --counterfactuals: columns that nobody can change', 'COL,...'),
        variadic: ',',
        optional: true,
      },
      effects: {
        kind: 'boolean',
        brief: 'Add partial dependence and accumulated local effects of each column',
        default: false,
        withNegated: false,
      },
      importance: {
        kind: 'boolean',
        brief: 'Add permutation importance, which needs the target in the file',
        default: false,
        withNegated: false,
      },
      json: jsonFlag,
    },
  },
  docs: { brief: 'Say what moved each prediction, and by how much' },
});
