import type { SamplerOptions } from '../../shared/learn/search/samplers.ts';
import type { Tell } from '../command.ts';
import type { CliContext } from '../context.ts';
import type { FitTask } from './fit-data.ts';
import type { ModelCost } from './measure-export.ts';

export type TuneFlags = {
  target: string;
  task: FitTask;
  algorithm: string;
  trials: number;
  sampler: Exclude<SamplerOptions['type'], 'grid'>;
  objective?: string;
  also?: readonly ModelCost[];
  folds: number;
  budgetSeconds?: number;
  patience?: number;
  study?: string;
  seed: number;
  json: boolean;
};

export type TuneCall = { context: CliContext; flags: TuneFlags; tell: Tell };
