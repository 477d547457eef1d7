import type { CategoryColumn, Table } from '../table/table.ts';
import { type CategoryMethod, crossFittedMeans, fitCategory } from './category-encoders.ts';
import { categoryWidth, type Encoding } from './encoding.ts';
import { encodeTable, type Matrix } from './matrix.ts';
import type { PreparationData } from './preparation-data.ts';
import type { ResampleMethod } from './resample.ts';
import { fitSelection } from './selection.ts';
import { isModelRule, type ModelSelectionRule, type SelectionRule } from './selection-rule.ts';
import { applyStep, applySteps, type Step } from './step.ts';
import { fitBounds } from './steps/bounds.ts';
import { fitChainedImpute } from './steps/chained-impute.ts';
import { fitFences, type OutlierRule } from './steps/clip.ts';
import { fitFlag } from './steps/flag.ts';
import { fitImpute, type ImputeStrategy } from './steps/impute.ts';
import { fitIndicators } from './steps/indicators.ts';
import { fitNearestImpute } from './steps/nearest-impute.ts';
import { fitPower } from './steps/power.ts';
import { fitProducts } from './steps/products.ts';
import { fitPca } from './steps/project.ts';
import { fitQuantile } from './steps/quantile.ts';
import { fitScale, type ScaleMethod } from './steps/scale.ts';

/**
 * Which rows are strange as a whole. Those rules are models: they are fitted, on the prepared matrix,
 * and applied where models are (shared/learn/outliers).
 */
export type RowOutlierRule = 'isolation-forest' | 'local-outlier-factor';

export const isRowRule = (rule: OutlierRule | RowOutlierRule): rule is RowOutlierRule =>
  rule === 'isolation-forest' || rule === 'local-outlier-factor';

/** How a table is to be prepared, in the order of the fields; what is absent is not done. */
export type Recipe = {
  /** Default: `one-hot`. */
  encode?: CategoryMethod;
  /** A category with more levels is target-encoded (by frequency where there is no target). */
  oneHotUpTo?: number;
  /** Adds a 0/1 column per column that misses values, before they are imputed. */
  indicators?: boolean;
  /** `constant` is 0; `nearest` and `chained` look at the other columns. */
  impute?: ImputeStrategy | 'nearest' | 'chained';
  /** Adds a 0/1 column: rows with a value beyond the fences, or that are strange as a whole. */
  flagOutliers?: OutlierRule | RowOutlierRule;
  /** Values beyond the fences become the fence. */
  winsorise?: OutlierRule;
  /** To a normal or a uniform distribution. */
  transform?: 'power' | 'quantile';
  scale?: ScaleMethod;
  products?: 'polynomial' | 'interaction';
  select?: SelectionRule | ModelSelectionRule;
  /** Share of the variance that the kept principal components hold. */
  pca?: number;
  /** Such rows are not learnt from; they are predicted like any other. */
  dropOutliers?: OutlierRule | RowOutlierRule;
  /** Of a classification: classes in equal numbers to learn from. */
  resample?: ResampleMethod;
};

/** A fitted recipe: everything a row goes through on its way to the estimator. */
export type Preparation = { encoding: Encoding; steps: Step[] };

export type FittedPreparation = {
  preparation: Preparation;
  /** The training rows, prepared. A cross-fitted step answers them otherwise than it will new rows. */
  matrix: Matrix;
};

/** Wider blocks cost more than they teach, and a browser has to download them. */
const ONE_HOT_UP_TO = 64;

/** Fits the recipe: each step on what the steps before it make of the training rows. */
export function fitPreparation(recipe: Recipe, data: PreparationData): FittedPreparation {
  const { encoding, matrix: encoded } = fitEncoding(recipe, data);
  const steps: Step[] = [];
  let matrix = encoded;
  const add = (step: Step | null) => {
    if (step === null) return;
    steps.push(step);
    matrix = applyStep(step, matrix);
  };
  if (computes(recipe)) add(fitBounds(matrix));
  if (recipe.indicators) add(fitIndicators(matrix));
  if (recipe.impute) add(fitImputation(recipe.impute, matrix));
  const { flagOutliers } = recipe;
  if (flagOutliers && !isRowRule(flagOutliers)) add(fitFlag(matrix, flagOutliers));
  if (recipe.winsorise) add(fitFences(matrix, recipe.winsorise));
  if (recipe.transform === 'quantile') add(fitQuantile(matrix));
  if (recipe.transform === 'power') {
    add(fitPower(matrix));
    add(fitBounds(matrix));
  }
  if (recipe.scale) add(fitScale(matrix, recipe.scale));
  if (recipe.products) {
    add(fitProducts(matrix, recipe.products));
    add(fitBounds(matrix));
  }
  if (recipe.select) add(fitChoice(recipe.select, matrix, data));
  if (recipe.pca) add(fitPca(matrix, recipe.pca));
  return { preparation: { encoding, steps }, matrix };
}

function fitChoice(
  rule: NonNullable<Recipe['select']>,
  matrix: Matrix,
  data: PreparationData,
): Step {
  if (!isModelRule(rule)) return fitSelection(rule, matrix, data);
  if (data.selectByModel === undefined)
    throw new Error(`Broken invariant: no models to select columns by ${rule.by}`);
  return data.selectByModel(rule, matrix);
}

/** Whether more is done with numbers than comparing them: those recipes are for estimators that add and multiply. */
const computes = ({ impute, transform, scale, products, pca }: Recipe): boolean =>
  [impute, transform, scale, products, pca].some((step) => step !== undefined);

function fitImputation(method: NonNullable<Recipe['impute']>, matrix: Matrix): Step | null {
  switch (method) {
    case 'nearest':
      return fitNearestImpute(matrix);
    case 'chained':
      // What no round fills, a column that is missing whole or was never missing, gets its mean.
      return fitChainedImpute(matrix) ?? fitImpute(matrix, 'mean');
    default:
      return fitImpute(matrix, method);
  }
}

/** New rows, prepared as the training rows were. */
export const prepareTable = ({ encoding, steps }: Preparation, table: Table): Matrix =>
  applySteps(steps, encodeTable(encoding, table));

function fitEncoding(
  recipe: Recipe,
  data: PreparationData,
): { encoding: Encoding; matrix: Matrix } {
  const { columns } = data.table;
  const isCategory = (column: (typeof columns)[number]) => column.type === 'category';
  const categories = columns.filter(isCategory) as CategoryColumn[];
  const methods = categories.map((column) => methodFor(column, recipe, data));
  const encoding: Encoding = {
    numbers: columns.filter((column) => !isCategory(column)).map(({ name }) => name),
    categories: categories.map((column, i) => fitCategory(column, methods[i], data)),
  };
  const matrix = encodeTable(encoding, data.table);
  let start = encoding.numbers.length;
  categories.forEach((column, i) => {
    const width = categoryWidth(encoding.categories[i]);
    if (methods[i] === 'target')
      overwrite(matrix, crossFittedMeans(column, data), { start, width });
    start += width;
  });
  return { encoding, matrix };
}

function methodFor(
  { declared }: CategoryColumn,
  { encode = 'one-hot', oneHotUpTo = ONE_HOT_UP_TO }: Recipe,
  { target }: PreparationData,
): CategoryMethod {
  if (encode === 'target' && target.length === 0) return 'frequency';
  if (encode !== 'one-hot' || declared <= oneHotUpTo) return encode;
  return target.length === 0 ? 'frequency' : 'target';
}

function overwrite(
  { rows, names, data }: Matrix,
  values: Float32Array,
  { start, width }: { start: number; width: number },
): void {
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < width; k++) data[row * names.length + start + k] = values[row * width + k];
}
