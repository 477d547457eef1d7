import * as v from 'valibot';
import { modelId } from '../../shared/contracts/declaration.ts';
import { isSemver } from '../../shared/core/semver.ts';

export const jsonFlag = {
  kind: 'boolean',
  brief: 'Print JSON alone on standard output, sentences on standard error',
  default: false,
  withNegated: false,
} as const;

/** Nothing is what a variable of a shell that was never set leaves: as a path it would be this folder. */
export function parseText(text: string): string {
  if (text.trim() !== '') return text;
  throw new Error('Expected some text, found none');
}

export const textFlag = (brief: string, placeholder: string) =>
  ({ kind: 'parsed', parse: parseText, brief, placeholder }) as const;

/** A file or folder that the command line names by its place. */
export const pathArgument = (brief: string, placeholder: string) =>
  ({ brief, parse: parseText, placeholder }) as const;

/** Both ends are allowed. */
export const wholeNumberFlag = (brief: string, { least, most }: { least: number; most: number }) =>
  ({
    kind: 'parsed',
    brief,
    placeholder: 'N',
    parse: (words: string): number => {
      const count = Number(words);
      if (/^\d+$/.test(words) && count >= least && count <= most) return count;
      throw new Error(`Expected a whole number from ${least} to ${most}, found "${words}"`);
    },
  }) as const;

/** @param brief what is the same where the seed is */
export const seedFlag = (brief: string) =>
  ({ ...wholeNumberFlag(brief, { least: 0, most: 2 ** 32 - 1 }), default: '42' }) as const;

export const secondsFlag = (brief: string) =>
  ({ kind: 'parsed', parse: parseSeconds, brief, placeholder: 'S' }) as const;

function parseSeconds(words: string): number {
  const seconds = Number(words);
  if (words.trim() !== '' && seconds > 0 && seconds <= 86_400) return seconds;
  throw new Error(`Expected seconds above 0 and up to 86400, found "${words}"`);
}

/** Flags of every command that talks to a server. */
export const remoteFlags = {
  server: {
    kind: 'parsed',
    brief: 'URL of the server; else EDGEWISE_SERVER, else .edgewise/credentials.json',
    parse: parseText,
    placeholder: 'URL',
    optional: true,
  },
  key: {
    kind: 'parsed',
    brief: 'Secret key; else EDGEWISE_KEY, else .edgewise/credentials.json',
    parse: parseText,
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
  throw new Error(
    `expected 2 to 63 lower-case letters, digits and dashes, a letter first, found "${text}"`,
  );
}
