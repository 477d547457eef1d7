import { buildCommand } from '@stricli/core';
import type { CliContext } from '../context.ts';
import { jsonFlag, parseModel, pathArgument, textFlag } from '../routes/flags.ts';
import type { DeclareFlags } from './run-declare.ts';

/** `edgewise declare FILE.csv --target COL --id churn --out churn.json` */
export const declare = buildCommand<DeclareFlags, [string], CliContext>({
  loader: async () => (await import('./run-declare.ts')).runDeclare,
  parameters: {
    positional: {
      kind: 'tuple',
      parameters: [pathArgument('CSV with a header', 'FILE.csv')],
    },
    flags: {
      target: textFlag('Column to be predicted', 'COL'),
      id: {
        kind: 'parsed',
        parse: parseModel,
        brief: 'Name of the use case and its model, like churn',
        placeholder: 'ID',
      },
      task: {
        kind: 'enum',
        values: ['regression', 'binary'],
        brief: 'What is to be predicted; else as the column looks',
        optional: true,
      },
      positive: {
        ...textFlag(
          'The class whose probability is predicted; else yes, or the rarer one',
          'VALUE',
        ),
        optional: true,
      },
      title: { ...textFlag('What people read', 'TEXT'), optional: true },
      out: textFlag('Schema file to write', 'FILE.json'),
      json: jsonFlag,
    },
  },
  docs: { brief: 'Declare a use case by what a CSV holds' },
});
