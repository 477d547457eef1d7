import { buildCommand, buildRouteMap } from '@stricli/core';
import type { CliContext } from '../context.ts';
import type { RemoteFlags } from '../credentials.ts';
import { jsonFlag, remoteFlags } from './flags.ts';

const create = buildCommand<{ force: boolean; json: boolean }, [], CliContext>({
  loader: async () => (await import('../commands/keys-new.ts')).keysNew,
  parameters: {
    flags: {
      force: {
        kind: 'boolean',
        brief: 'Set a key that is already there aside',
        default: false,
        withNegated: false,
      },
      json: jsonFlag,
    },
  },
  docs: { brief: "Make the publisher's signing key and trust its public half" },
});

const trust = buildCommand<RemoteFlags & { json: boolean }, [], CliContext>({
  loader: async () => (await import('../commands/keys-trust.ts')).keysTrust,
  parameters: { flags: remoteFlags },
  docs: { brief: 'Tell the server which keys sign versions: those in trusted-keys.json' },
});

export const keys = buildRouteMap({
  routes: { new: create, trust },
  docs: { brief: 'Signing keys' },
});
