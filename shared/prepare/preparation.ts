import type { Rng } from '../core/rng.ts';
import type { Table } from '../table/table.ts';
import { type Encoding, encodingOf } from './encoding.ts';
import { encodeTable, type Matrix } from './matrix.ts';
import { applySteps, type Step } from './step.ts';
import { fitImpute, type ImputeStrategy } from './steps/impute.ts';
import { fitIndicators } from './steps/indicators.ts';
import { fitStandardScale } from './steps/scale.ts';

/** How a table is to be prepared; what is absent is not done. */
export type Recipe = {
  impute?: ImputeStrategy;
  /** Adds a 0/1 column per column that misses values, before they are imputed. */
  indicators?: boolean;
  scale?: 'standard';
};

/** A fitted recipe: everything a row goes through on its way to the estimator. */
export type Preparation = { encoding: Encoding; steps: Step[] };

/** What the recipe is fitted on. `target` is for steps that look at it. */
export type PreparationData = {
  table: Table;
  /** Target units, or class codes. */
  target: Float64Array;
  /** 0 unless the target is a class. */
  classes: number;
  rng: Rng;
};

export type FittedPreparation = {
  preparation: Preparation;
  /** The training rows, prepared. A cross-fitted step answers them otherwise than it will new rows. */
  matrix: Matrix;
};

/** Fits the recipe: each step on what the steps before it make of the training rows. */
export function fitPreparation(recipe: Recipe, { table }: PreparationData): FittedPreparation {
  const encoding = encodingOf(table, null);
  const steps: Step[] = [];
  let matrix = encodeTable(encoding, table);
  const add = (step: Step | null) => {
    if (step === null) return;
    steps.push(step);
    matrix = applySteps([step], matrix);
  };
  if (recipe.indicators) add(fitIndicators(matrix));
  if (recipe.impute) add(fitImpute(matrix, recipe.impute));
  if (recipe.scale) add(fitStandardScale(matrix));
  return { preparation: { encoding, steps }, matrix };
}

/** New rows, prepared as the training rows were. */
export const prepareTable = ({ encoding, steps }: Preparation, table: Table): Matrix =>
  applySteps(steps, encodeTable(encoding, table));
