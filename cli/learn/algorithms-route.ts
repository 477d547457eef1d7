import { buildCommand } from '@stricli/core';
import type { CliContext } from '../context.ts';
import { jsonFlag } from '../routes/flags.ts';
import type { AlgorithmsFlags } from './run-algorithms.ts';

/** `edgewise algorithms --json` */
export const algorithms = buildCommand<AlgorithmsFlags, [], CliContext>({
  loader: async () => (await import('./run-algorithms.ts')).runAlgorithms,
  parameters: {
    positional: { kind: 'tuple', parameters: [] },
    flags: {
      json: jsonFlag,
    },
  },
  docs: { brief: 'List what fit can use: tasks, search spaces, cost, export, scores' },
});
