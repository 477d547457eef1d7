import type { Objective } from '../contracts/declaration.ts';
import type { Parameters } from '../learn/search/space.ts';
import type { Task } from '../learn/task.ts';

/** What is fixed before the first step. */
export type TrainingPlan = {
  seed: number;
  rows: number;
  task: Task;
  /** The two class values, the positive one last; empty of a regression. */
  classes: readonly string[];
  folds: number;
  objective: Objective;
  /** Fold of each row. */
  foldOf: Uint8Array;
  /** Those of one algorithm stand together. */
  candidates: Candidate[];
  /** Fits that one step may make, by algorithm. */
  fitsPerStep: Record<string, number>;
};

/** One way to fit, compared with the others by cross-validation. */
export type Candidate = {
  /** A name of the catalogue. */
  algorithm: string;
  /** All that its `fit` reads. */
  parameters: Parameters;
};

/** A candidate under way: fitted on the rows outside of a fold, it predicts those of the fold. */
export type Trial = {
  candidate: number;
  /** By fold, as far as it has come; lower is better. */
  foldLosses: number[];
  /** Predictions of rows by the model that was not fitted on them: [rows, outputs]. */
  outOfFold: Float32Array;
  /** Why it goes no further. */
  problem: string | null;
};

/** Of all rows together; null where it has none, and why. */
export type Tried = { loss: number; problem: null } | { loss: null; problem: string };

/**
 * Everything between two steps, as plain data: training resumes from it in another process. Fitted
 * models are not kept: out-of-fold predictions say all that is asked of them.
 */
export type TrainingState = {
  plan: TrainingPlan;
  /** What became of the first candidates, in their order. */
  tried: Tried[];
  /** The candidates after those, all of one algorithm; empty before its first fold. */
  trials: Trial[];
  best: (Trial & { loss: number }) | null;
  /** The best candidate, fitted on all rows, as an ONNX file. */
  model: Uint8Array<ArrayBuffer> | null;
  /** Why there will be no model. */
  problem: string | null;
};
