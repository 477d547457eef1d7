import type { Rng } from '../../core/rng.ts';
import type { Table } from '../../table/table.ts';
import type { FittedPipeline } from '../pipeline.ts';
import type { Players } from './explained-trees.ts';

export type ExplainOptions = {
  /** Rows that stand for "not known", of the training data; at least one. */
  background: Table;
  /** Coalitions a row at most, where no other method applies. */
  maxCoalitions: number;
  rng: Rng;
  /** `margin`: before the link (log odds, logarithms): @see hasMargins. Default: `prediction`. */
  space?: 'prediction' | 'margin';
};

/** Rows, and which output of each is explained: a class's probability, else 0. */
export type AskedRows = { table: Table; outputOf: Uint16Array };

/** Contributions [rows, inputs], row-major, and the base they are counted from, by row. */
export type Explanation = {
  base: Float64Array;
  contributions: Float64Array;
  /** Whether these are Shapley values to rounding, of every row. */
  isExact: boolean;
};

/**
 * `tree-shap`, `linear-shap`: Shapley values of a sum, exact. `linked-linear-shap`, `linked-tree-shap`:
 * of a probability or an exponential of one (@see linkedShap). `kernel-shap`: exact up to the
 * coalitions it may ask for, drawn beyond.
 */
export type ShapMethod =
  | 'tree-shap'
  | 'linear-shap'
  | 'linked-tree-shap'
  | 'linked-linear-shap'
  | 'kernel-shap';

export type Explainer = {
  /** Several where an average of models is explained. */
  methods: readonly ShapMethod[];
  explain(asked: AskedRows): Explanation;
};

/** Explains one output of rows. */
export type OutputExplainer = {
  method: ShapMethod;
  explain(asked: { table: Table; output: number }): Explanation;
};

/** A model whose margins are sums, and who shares their credit. */
export type Separable = { pipeline: FittedPipeline; players: Players };
