import type { SamplerOptions } from '../../shared/learn/search/samplers.ts';
import type { Tell } from '../command.ts';
import type { CliContext } from '../context.ts';
import type { FitTask } from './fit-data.ts';
import type { ModelCost } from './measure-export.ts';
import type { PrunerName } from './tune-pruner.ts';

/** What a model that is to be chosen may cost. */
export type CostLimit = { cost: ModelCost; limit: number };

export type TuneFlags = {
  target: string;
  task: FitTask;
  algorithm: string;
  trials: number;
  sampler: SamplerOptions['type'];
  /** Absent: the median, or none where there are several objectives. */
  pruner?: PrunerName;
  objective?: string;
  also?: readonly ModelCost[];
  atMost?: readonly CostLimit[];
  folds: number;
  budgetSeconds?: number;
  patience?: number;
  study?: string;
  seed: number;
  json: boolean;
};

export type TuneCall = { context: CliContext; flags: TuneFlags; tell: Tell };
