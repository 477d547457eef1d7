import { buildCommand } from '@stricli/core';
import type { SimulateFlags } from '../commands/simulate.ts';
import type { CliContext } from '../context.ts';
import { jsonFlag, modelArgument, textFlag } from './flags.ts';

const share = (brief: string) =>
  ({ kind: 'parsed', brief, parse: parseShare, placeholder: '0..1', default: '0' }) as const;

const whole = (brief: string, fallback: string) =>
  ({ kind: 'parsed', brief, parse: parseWhole, placeholder: 'N', default: fallback }) as const;

export const simulate = buildCommand<SimulateFlags, [string], CliContext>({
  loader: async () => (await import('../commands/simulate.ts')).simulate,
  parameters: {
    flags: {
      rows: whole('How many rows', '5000'),
      seed: whole('The same seed gives the same rows', '1'),
      inputDrift: share('How far the inputs have moved'),
      conceptDrift: share('How far what follows from the same inputs has moved'),
      out: textFlag('The CSV to write', 'FILE.csv'),
      json: jsonFlag,
    },
    positional: { kind: 'tuple', parameters: [modelArgument] },
  },
  docs: { brief: 'Write simulated rows as the CSV that train takes' },
});

function parseShare(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new Error(`expected a number from 0 to 1, found "${text}"`);
}

function parseWhole(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value > 0 && value < 2 ** 32) return value;
  throw new Error(`expected a whole number above 0, found "${text}"`);
}
