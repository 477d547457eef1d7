import { buildCommand } from '@stricli/core';
import { promotion, rolloutStrategy } from '../../shared/contracts/declaration.ts';
import type { RolloutFlags } from '../commands/rollout.ts';
import type { CliContext } from '../context.ts';
import type { RemoteFlags } from '../credentials.ts';
import { modelArgument, parseText, pathArgument, remoteFlags, versionFlag } from './flags.ts';

type Remote = RemoteFlags & { json: boolean };

const oneModel = { kind: 'tuple', parameters: [modelArgument] } as const;

export const publish = buildCommand<Remote, [string], CliContext>({
  loader: async () => (await import('../commands/publish.ts')).publish,
  parameters: {
    flags: remoteFlags,
    positional: {
      kind: 'tuple',
      parameters: [pathArgument('Folder that train wrote', 'DIR')],
    },
  },
  docs: { brief: 'Sign a trained version and publish it; nobody gets it yet' },
});

export const rollout = buildCommand<RolloutFlags, [string], CliContext>({
  loader: async () => (await import('../commands/rollout.ts')).rollout,
  parameters: {
    flags: {
      ...remoteFlags,
      version: versionFlag,
      strategy: {
        kind: 'enum',
        brief:
          'canary: growing shares while gates hold; rolling: equal shares by time; blue-green: a preview, then everyone; shadow: answers beside the champion for nobody; all: everyone at once',
        values: rolloutStrategy.options,
        default: 'canary',
      },
      promotion: {
        kind: 'enum',
        brief: 'verdict: gates that hold promote; hand: they wait for edgewise promote',
        values: promotion.options,
        optional: true,
      },
    },
    positional: oneModel,
  },
  docs: { brief: 'Give a published version to users' },
});

export const rollback = buildCommand<Remote, [string], CliContext>({
  loader: async () => (await import('../commands/rollback.ts')).rollback,
  parameters: { flags: remoteFlags, positional: oneModel },
  docs: { brief: 'End the running rollout, or return to the champion before' },
});

export const promote = buildCommand<Remote, [string], CliContext>({
  loader: async () => (await import('../commands/rollback.ts')).promote,
  parameters: { flags: remoteFlags, positional: oneModel },
  docs: { brief: 'Make the challenger of the running rollout champion now' },
});

export const kill = buildCommand<Remote & { off: boolean }, [string], CliContext>({
  loader: async () => (await import('../commands/model-settings.ts')).kill,
  parameters: {
    flags: {
      ...remoteFlags,
      off: {
        kind: 'boolean',
        brief: 'Let the model answer again',
        default: false,
        withNegated: false,
      },
    },
    positional: oneModel,
  },
  docs: { brief: 'Kill switch: every browser answers by the fallback' },
});

export const traffic = buildCommand<Remote & { percentage: number }, [string], CliContext>({
  loader: async () => (await import('../commands/model-settings.ts')).traffic,
  parameters: {
    flags: {
      ...remoteFlags,
      percentage: {
        kind: 'parsed',
        brief: 'Per cent of users that may get a model at all, 0 to 100',
        parse: parsePercentage,
        placeholder: 'N',
      },
    },
    positional: oneModel,
  },
  docs: { brief: 'Set the share of users that may get a model' },
});

export const revoke = buildCommand<Remote & { version: string; why: string }, [string], CliContext>(
  {
    loader: async () => (await import('../commands/revoke.ts')).revoke,
    parameters: {
      flags: {
        ...remoteFlags,
        version: versionFlag,
        why: {
          kind: 'parsed',
          brief: 'Reason, for the record',
          parse: parseText,
          placeholder: 'TEXT',
        },
      },
      positional: oneModel,
    },
    docs: { brief: 'Put a version on the signed list of versions nobody may run' },
  },
);

export const retrain = buildCommand<Remote, [string], CliContext>({
  loader: async () => (await import('../commands/retrain.ts')).retrain,
  parameters: { flags: remoteFlags, positional: oneModel },
  docs: { brief: 'Train a challenger now on what came home' },
});

function parsePercentage(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 100) return value;
  throw new Error(`expected a number from 0 to 100, found "${text}"`);
}
