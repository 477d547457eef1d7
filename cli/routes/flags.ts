import * as v from 'valibot';
import { modelId } from '../../shared/contracts/declaration.ts';
import { isSemver } from '../../shared/core/semver.ts';

export const jsonFlag = {
  kind: 'boolean',
  brief: 'Print JSON alone on standard output',
  default: false,
  withNegated: false,
} as const;

/** Flags of every command that talks to a server. */
export const remoteFlags = {
  server: {
    kind: 'parsed',
    brief: 'URL of the server; else EDGEWISE_SERVER, else .edgewise/credentials.json',
    parse: String,
    placeholder: 'URL',
    optional: true,
  },
  key: {
    kind: 'parsed',
    brief: 'Secret key; else EDGEWISE_KEY, else .edgewise/credentials.json',
    parse: String,
    placeholder: 'sk_...',
    optional: true,
  },
  json: jsonFlag,
} as const;

export const versionFlag = {
  kind: 'parsed',
  brief: 'Version, like 1.2.0',
  parse: parseVersion,
  placeholder: 'X.Y.Z',
} as const;

export const modelArgument = {
  brief: 'Model, like delay-prediction',
  parse: parseModel,
  placeholder: 'MODEL',
} as const;

function parseVersion(text: string): string {
  if (!isSemver(text)) throw new Error(`expected a version like 1.2.3, found "${text}"`);
  return text;
}

export function parseModel(text: string): string {
  if (v.is(modelId, text)) return text;
  throw new Error(`expected lower-case letters, digits and dashes, found "${text}"`);
}
