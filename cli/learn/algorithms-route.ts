import { buildCommand } from '@stricli/core';
import type { CliContext } from '../context.ts';
import type { AlgorithmsFlags } from './run-algorithms.ts';

/** `edgewise algorithms --json` */
export const algorithms = buildCommand<AlgorithmsFlags, [], CliContext>({
  loader: async () => (await import('./run-algorithms.ts')).runAlgorithms,
  parameters: {
    positional: { kind: 'tuple', parameters: [] },
    flags: {
      json: {
        kind: 'boolean',
        brief: 'JSON on standard output, sentences on standard error',
        default: false,
        withNegated: false,
      },
    },
  },
  docs: { brief: 'List what fit can use: tasks, search spaces, cost, export, scores' },
});
