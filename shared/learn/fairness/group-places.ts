import { MISSING_LEVEL } from '../../prepare/encoding.ts';
import type { ColumnSpec } from '../../table/table.ts';
import type { LinearEstimator } from '../linear/linear-estimator.ts';
import type { FittedPipeline } from '../pipeline.ts';
import { type Branch, branchEstimator } from './branch-tree.ts';
import { MISSING_GROUP } from './sensitive-groups.ts';

/** What stands for the group in a pipeline's `algorithm`: nothing was learnt. */
export const GROUP_ALGORITHM = 'group';

/** Where a group stands among all, in (0, 1): a model of two classes can tell it as a probability. 0: none that is known. */
export const placeOf = (group: number, groups: number): number => (group + 1) / (groups + 1);

/** A pipeline that answers which group a row belongs to by this column, as its place. @param groups known ones */
export function groupPlaces(
  { inputs, classes }: Pick<FittedPipeline, 'inputs' | 'classes'>,
  column: ColumnSpec,
  groups: readonly string[],
): FittedPipeline {
  return {
    ...{ type: 'pipeline', task: 'binary', inputs, classes, algorithm: GROUP_ALGORITHM },
    parameters: {},
    ...(column.type === 'category' ? byLevel(column.name, groups) : byNumber(column.name, groups)),
  };
}

type Places = Pick<FittedPipeline, 'preparation' | 'estimator'>;

const AS_IT_IS: LinearEstimator = {
  ...{ type: 'linear', outputs: 1, link: 'pair' },
  ...{ coefficients: Float32Array.of(1), intercepts: Float32Array.of(0) },
};

function byLevel(name: string, groups: readonly string[]): Places {
  const missing = groups.indexOf(MISSING_GROUP);
  const levels = missing < 0 ? [...groups] : [...groups, MISSING_LEVEL];
  const places = groups.map((_, group) => placeOf(group, groups.length));
  const values = Float32Array.from([...places, ...(missing < 0 ? [] : [places[missing]]), 0]);
  const categories = [{ name, levels, lookup: { columns: 1, values } }];
  return { preparation: { encoding: { numbers: [], categories }, steps: [] }, estimator: AS_IT_IS };
}

/** A number this share of the least gap between groups away from one belongs to none. */
const NEAR = 0.25;
const GREATEST = 3.4e38;

function byNumber(name: string, groups: readonly string[]): Places {
  const places = new Map(groups.map((group, i) => [group, placeOf(i, groups.length)]));
  const values = groups
    .filter((group) => group !== MISSING_GROUP)
    .map(Number)
    .sort((a, b) => a - b);
  const gaps = values.slice(1).map((value, i) => value - values[i]);
  const reach = NEAR * Math.min(1, ...gaps);
  const known = values.reduceRight<Branch>(
    (above, value) => ({
      ...{ column: 0, threshold: value - reach, low: 0 },
      high: {
        ...{ column: 0, threshold: value + reach, low: places.get(String(value)) ?? 0 },
        high: above,
      },
    }),
    0,
  );
  const missing = places.get(MISSING_GROUP) ?? 0;
  return {
    preparation: { encoding: { numbers: [name], categories: [] }, steps: [] },
    estimator: branchEstimator({ column: 0, threshold: GREATEST, low: known, high: missing }),
  };
}
