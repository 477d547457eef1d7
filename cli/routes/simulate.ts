import { buildCommand } from '@stricli/core';
import type { SimulateFlags } from '../commands/simulate.ts';
import type { CliContext } from '../context.ts';
import { jsonFlag, modelArgument, seedFlag, textFlag, wholeNumberFlag } from './flags.ts';

const share = (brief: string) =>
  ({ kind: 'parsed', brief, parse: parseShare, placeholder: '0..1', default: '0' }) as const;

/** As a CSV more would not fit into one text. */
const MOST_ROWS = 5_000_000;
const rowCount = { least: 1, most: MOST_ROWS };

export const simulate = buildCommand<SimulateFlags, [string], CliContext>({
  loader: async () => (await import('../commands/simulate.ts')).simulate,
  parameters: {
    flags: {
      rows: { ...wholeNumberFlag('How many rows', rowCount), default: '5000' },
      seed: { ...seedFlag('The same seed gives the same rows'), default: '1' },
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
