import type { Predictor } from '../../shared/learn/ensemble/fitted-ensemble.ts';
import type { Tell } from '../command.ts';
import type { CliContext } from '../context.ts';
import type { FitTask } from './fit-data.ts';

export type FitFlags = {
  target?: string;
  task: FitTask;
  test?: string;
  algorithm: string;
  budgetSeconds: number;
  trials?: number;
  objective?: string;
  threads?: number;
  seed: number;
  out: string;
  json: boolean;
};

/** prediction - radius .. prediction + radius holds `level` of new outcomes. */
export type FitInterval = { level: number; radius: number };

export type Fitted = {
  predictor: Predictor;
  /** By member, summing to 1. */
  weights: ArrayLike<number>;
  isDeterministic: boolean;
  /** Of a regression that was cross-validated: half the width of what holds new outcomes. */
  interval: FitInterval | null;
  /** What else there is to tell. */
  sentences: string[];
};

export type FitCall = { context: CliContext; flags: FitFlags; tell: Tell };
