import type { Table } from '../table/table.ts';
import { predictTrees, type TreeEnsemble } from './boosting/tree-ensemble.ts';
import { type LinearModel, predictLinear } from './linear/linear-model.ts';

/** A trained regressor with the encoding it was trained on: everything the exported graph holds. */
export type FittedModel = LinearModel | TreeEnsemble;

/** Float32 predictions of the rows in `order` (null: all rows as they stand), in target units. */
export function predictFitted(
  model: FittedModel,
  table: Table,
  order: Uint32Array | null = null,
): Float32Array {
  return model.type === 'ridge'
    ? predictLinear(model, table, order)
    : predictTrees(model, table, order);
}
