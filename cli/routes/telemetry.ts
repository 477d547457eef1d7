import { buildCommand, buildRouteMap } from '@stricli/core';
import type { CliContext } from '../context.ts';
import type { RemoteFlags } from '../credentials.ts';
import { modelArgument, parseModel, remoteFlags } from './flags.ts';

type Remote = RemoteFlags & { json: boolean };

const importOutcomes = buildCommand<Remote & { model: string }, [string], CliContext>({
  loader: async () => (await import('../commands/outcomes-import.ts')).outcomesImport,
  parameters: {
    flags: {
      ...remoteFlags,
      model: {
        kind: 'parsed',
        brief: 'Model whose predictions these are',
        parse: parseModel,
        placeholder: 'MODEL',
      },
    },
    positional: {
      kind: 'tuple',
      parameters: [
        {
          brief: 'CSV with the columns prediction_id, value, observed_at',
          parse: String,
          placeholder: 'FILE.csv',
        },
      ],
    },
  },
  docs: { brief: 'Send what really happened, from a CSV' },
});

export const outcomes = buildRouteMap({
  routes: { import: importOutcomes },
  docs: { brief: 'What really happened' },
});

export const status = buildCommand<Remote, [string | undefined], CliContext>({
  loader: async () => (await import('../commands/status.ts')).status,
  parameters: {
    flags: remoteFlags,
    positional: { kind: 'tuple', parameters: [{ ...modelArgument, optional: true }] },
  },
  docs: { brief: 'Versions, rollout, traffic, errors, drift and alerts, of one model or all' },
});
