import type {
  AnomalyCalibration,
  ThresholdMethod,
} from '../../shared/learn/anomaly/anomaly-threshold.ts';
import type { CalibrationMethod } from '../../shared/learn/calibration/calibration.ts';
import type { Predictor } from '../../shared/learn/ensemble/fitted-ensemble.ts';
import type { ModelChoice } from '../../shared/learn/ensemble/model-choice.ts';
import type { Tell } from '../command.ts';
import type { CliContext } from '../context.ts';
import type { FairnessFitFlags } from './fairness-flags.ts';
import type { FitTask } from './fit-data.ts';
import type { MemoryReport } from './memory-budget.ts';
import type { OutlierTreatment } from './outlier-flag.ts';

export type FitFlags = FairnessFitFlags & {
  target?: string;
  task: FitTask;
  test?: string;
  algorithm: string;
  /** Path of a file of settings, or they themselves. */
  settings?: string;
  budgetSeconds?: number;
  budgetMb?: number;
  trials?: number;
  objective?: string;
  threads?: number;
  /** Folder of a model to go on from. */
  warmStart?: string;
  threshold: ThresholdMethod;
  calibrate?: CalibrationMethod;
  outliers?: OutlierTreatment;
  seed: number;
  out: string;
  json: boolean;
};

/** prediction - radius .. prediction + radius holds `level` of new outcomes. */
export type FitInterval = { level: number; radius: number };

export type Fitted = {
  predictor: Predictor;
  /** What was fitted: what fits it again. */
  model: ModelChoice;
  /** By member, summing to 1. */
  weights: ArrayLike<number>;
  isDeterministic: boolean;
  /** Of a regression that was cross-validated; null: from the rows held out. */
  interval: FitInterval | null;
  /** Of a search within a memory budget. */
  memory?: MemoryReport | null;
  /** What else there is to tell. */
  sentences: string[];
  /** Of anomaly scores: what they mean. */
  anomaly?: AnomalyCalibration | null;
};

export type FitCall = { context: CliContext; flags: FitFlags; tell: Tell };
