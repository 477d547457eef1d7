import type { Recipe } from '../../prepare/preparation.ts';
import type { Table } from '../../table/table.ts';
import type { Algorithm } from '../algorithm.ts';
import type { PipelineData } from '../pipeline-data.ts';

/** One-hot blocks of categories up to this many levels leave a target encoding nothing to say. */
const FEW_LEVELS = 4;
/** Products of more number columns than this would outgrow what they teach. */
const MOST_CROSSED = 20;

/**
 * Other ways to prepare the table that may suit the algorithm: of those that scale, transformed towards
 * the normal, winsorised or crossed columns, strange rows flagged; of those that impute, gaps filled from
 * the other columns; of all, strange rows left out, categories as mean targets. Each has a graph.
 */
export function recipeVariants({ recipe }: Algorithm, { inputs, table }: PipelineData): Recipe[] {
  const variants: Recipe[] = [];
  const numbers = inputs.filter(({ type }) => type === 'number').length;
  const hasManyLevels = inputs.some(
    (input) => input.type === 'category' && input.categories.length > FEW_LEVELS,
  );
  if (recipe.scale !== undefined && numbers > 0) {
    variants.push({ ...recipe, transform: 'power' }, { ...recipe, winsorise: 'iqr' });
    variants.push({ ...recipe, flagOutliers: 'isolation-forest' });
    if (numbers > 1 && numbers <= MOST_CROSSED) {
      variants.push({ ...recipe, products: 'interaction' });
      variants.push({ ...recipe, transform: 'power', products: 'polynomial' });
    }
  }
  if (recipe.impute !== undefined && hasGaps(table))
    variants.push({ ...recipe, impute: 'chained' });
  if (numbers > 0) variants.push({ ...recipe, dropOutliers: 'isolation-forest' });
  if (hasManyLevels) variants.push({ ...recipe, encode: 'target' });
  return variants;
}

const hasGaps = ({ columns }: Table): boolean =>
  columns.some((column) => column.type === 'number' && column.values.some(Number.isNaN));
