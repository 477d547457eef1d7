import { buildCommand, buildRouteMap } from '@stricli/core';
import { parseDuration } from '../../shared/core/duration.ts';
import type { SilenceFlags } from '../commands/silence.ts';
import type { CliContext } from '../context.ts';
import type { RemoteFlags } from '../credentials.ts';
import { modelArgument, parseModel, parseText, pathArgument, remoteFlags } from './flags.ts';

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
        pathArgument('CSV with the columns prediction_id, value, observed_at', 'FILE.csv'),
      ],
    },
  },
  docs: { brief: 'Send what really happened, from a CSV' },
});

export const outcomes = buildRouteMap({
  routes: { import: importOutcomes },
  docs: { brief: 'What really happened' },
});

export const silence = buildCommand<SilenceFlags, [string], CliContext>({
  loader: async () => (await import('../commands/silence.ts')).silence,
  parameters: {
    flags: {
      ...remoteFlags,
      rule: {
        kind: 'parsed',
        brief: 'Rule, as alerts name it, like drift:Distance_km; * for every rule',
        parse: parseText,
        placeholder: 'RULE',
        default: '*',
      },
      for: {
        kind: 'parsed',
        brief: 'How long, like 45m, 12h or 7d; 0 lifts it',
        parse: parseSpan,
        placeholder: '2h',
      },
      why: {
        kind: 'parsed',
        brief: 'Reason, for the record',
        parse: String,
        placeholder: 'TEXT',
        default: '',
      },
    },
    positional: { kind: 'tuple', parameters: [modelArgument] },
  },
  docs: { brief: 'Leave the alerts of a rule alone for a time' },
});

function parseSpan(text: string): number {
  const spanMs = text === '0' ? 0 : parseDuration(text);
  if (spanMs !== null) return spanMs;
  throw new Error(`expected a time like 45m, 12h or 7d, or 0, found "${text}"`);
}

export const status = buildCommand<Remote, [string | undefined], CliContext>({
  loader: async () => (await import('../commands/status.ts')).status,
  parameters: {
    flags: remoteFlags,
    positional: { kind: 'tuple', parameters: [{ ...modelArgument, optional: true }] },
  },
  docs: { brief: 'Versions, rollout, traffic, errors, drift and alerts, of one model or all' },
});
