import * as v from 'valibot';
import type { Calibration } from '../../shared/learn/calibration/calibration.ts';
import { READS } from '../../shared/learn/calibration/class-scores.ts';
import type { Predictor } from '../../shared/learn/ensemble/fitted-ensemble.ts';
import type { FittedEstimator } from '../../shared/learn/fitted-estimator.ts';
import type { Link } from '../../shared/learn/link.ts';
import type { KdTree } from '../../shared/learn/neighbours/kd-tree.ts';
import { ACTIVATIONS } from '../../shared/learn/network/activation.ts';
import type { KnownRows } from '../../shared/learn/row-prints.ts';
import type { Kernel } from '../../shared/learn/svm/kernel.ts';
import type { Preparation } from '../../shared/prepare/preparation.ts';
import type { Step } from '../../shared/prepare/step.ts';
import type { Table } from '../../shared/table/table.ts';
import { columnSpec } from './column-spec.ts';

const floats = v.instance(Float32Array);
const doubles = v.instance(Float64Array);
const integers = v.instance(Int32Array);
const bytes = v.instance(Uint8Array);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

// What newer code adds to a model passes through: each kind says what it needs, not all it may have.
const STEPS = {
  indicators: kind('indicators', { columns: v.array(count) }),
  impute: kind('impute', { values: floats }),
  'nearest-impute': kind('nearest-impute', {
    ...{ neighbors: count, donors: floats, means: floats, scale: floats },
  }),
  'chained-impute': kind('chained-impute', {
    ...{ start: floats, columns: integers, coefficients: floats, intercepts: floats },
    rounds: count,
  }),
  clip: kind('clip', { low: floats, high: floats }),
  flag: kind('flag', { low: floats, high: floats }),
  power: kind('power', { lambdas: floats }),
  quantile: kind('quantile', { points: count, quantiles: floats }),
  scale: kind('scale', { offset: floats, scale: floats }),
  products: kind('products', { terms: v.array(v.array(count)) }),
  select: kind('select', { columns: integers }),
  project: kind('project', { mean: floats, components: floats }),
} satisfies { [Type in Step['type']]: Schema<Extract<Step, { type: Type }>> };

const steps = v.array(v.variant('type', Object.values(STEPS)));

const preparation: Schema<Preparation> = v.looseObject({
  encoding: v.looseObject({
    numbers: v.array(v.string()),
    categories: v.array(
      v.looseObject({
        name: v.string(),
        levels: v.array(v.string()),
        lookup: v.optional(v.looseObject({ columns: count, values: floats })),
      }),
    ),
  }),
  steps,
});

const link: Schema<Link> = v.picklist([
  ...(['identity', 'logistic', 'pair', 'softmax', 'normalise', 'exp', 'exp2', 'max'] as const),
]);

const tree: Schema<KdTree> = v.looseObject({
  ...{ rows: floats, columns: count, count, given: integers },
  ...{ cutColumn: integers, cutValue: floats },
});
const votes = {
  weights: v.picklist(['uniform', 'distance']),
  rowWeights: v.nullable(doubles),
};
const answer = v.variant('type', [
  kind('mean', { ...votes, target: doubles }),
  kind('shares', { ...votes, codes: integers, classes: count }),
  kind('distance', { of: v.picklist(['mean', 'largest', 'median']) }),
  kind('outlier-factor', { reach: doubles, density: doubles }),
]);

const kernel: Schema<Kernel> = v.variant('type', [
  kind('rbf', { gamma: v.number() }),
  kind('poly', { gamma: v.number(), coef0: v.number(), degree: v.number() }),
  kind('sigmoid', { gamma: v.number(), coef0: v.number() }),
]);

const treeNodes = {
  ...{ roots: integers, feature: integers, threshold: floats, left: integers, right: integers },
  ...{ missingLeft: bytes, value: floats },
};

const ESTIMATORS = {
  linear: kind('linear', { outputs: count, coefficients: floats, intercepts: floats, link }),
  trees: kind('trees', {
    ...{ ...treeNodes, outputs: count, treeOutput: v.nullable(integers), base: floats, link },
    cover: v.nullable(floats),
  }),
  median: kind('median', { trees: v.looseObject(treeNodes), worths: floats }),
  neighbours: kind('neighbours', { tree, nNeighbors: count, answer }),
  quadratic: kind('quadratic', {
    ...{ classes: count, means: floats, whitening: floats, isDiagonal: v.boolean() },
    constants: floats,
  }),
  kernel: kind('kernel', {
    ...{ kernel, vectors: floats, count, outputs: count, coefficients: floats },
    ...{ intercepts: floats, link },
  }),
  network: kind('network', {
    layers: v.array(
      v.looseObject({ inputs: count, outputs: count, weights: floats, biases: floats }),
    ),
    ...{ activation: v.picklist(ACTIVATIONS), link },
  }),
  centres: kind('centres', {
    ...{ columns: count, centres: floats, transforms: v.nullable(floats), directions: count },
    ...{ offsets: floats, answer: v.picklist(['nearest', 'least', 'surprise']) },
  }),
} satisfies { [Type in FittedEstimator['type']]: Schema<Extract<FittedEstimator, { type: Type }>> };
const estimator = v.variant('type', Object.values(ESTIMATORS));

const reads = v.picklist(READS);
const calibration: Schema<Calibration> = v.variant('type', [
  kind('sigmoid', {
    ...{ reads, maps: v.array(v.looseObject({ slope: v.number(), offset: v.number() })) },
  }),
  kind('isotonic', {
    reads,
    maps: v.array(v.looseObject({ x: v.array(v.number()), y: v.array(v.number()) })),
  }),
  kind('temperature', { reads, temperature: v.number() }),
]);

const contract = {
  task: v.picklist(['regression', 'binary', 'multiclass', 'anomaly', 'clustering']),
  inputs: v.array(columnSpec),
  classes: v.array(v.string()),
  calibration: v.optional(calibration),
};

const predictor: Schema<Predictor> = v.lazy(() =>
  v.variant('type', [
    kind('pipeline', {
      ...contract,
      ...{ algorithm: v.string(), preparation, estimator },
      outliers: v.optional(v.looseObject({ steps, estimator, threshold: v.number() })),
      parameters: v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
    }),
    kind('ensemble', {
      ...contract,
      members: v.array(predictor),
      combine: v.variant('type', [
        kind('average', { weights: floats }),
        kind('vote', { weights: floats }),
        kind('stack', { final: estimator }),
        kind('local', {
          competence: v.looseObject({
            ...{ preparation, reference: floats, errors: floats, neighbours: count },
          }),
        }),
      ]),
    }),
  ]),
);

const table: Schema<Table> = v.looseObject({
  rows: count,
  columns: v.array(
    v.variant('type', [
      kind('number', { name: v.string(), values: floats }),
      kind('category', {
        ...{ name: v.string(), dictionary: v.array(v.string()), declared: count, codes: integers },
      }),
    ]),
  ),
  target: doubles,
  order: v.nullable(doubles),
});

const prints = v.instance(Uint32Array);

/**
 * model.fitted: the model as data, training rows that stand for "not known" in explanations, and prints of the rows
 * that a fit that goes on must not measure on (older files lack them).
 */
export const fittedFile = v.looseObject({
  ...{ predictor, background: table },
  known: v.exactOptional(v.object({ learnt: prints, heldOut: prints })),
});
export type FittedFile = { predictor: Predictor; background: Table; known?: KnownRows };

/** Checks a type of the fitted model's; a kind that it lacks does not compile. */
type Schema<T> = v.GenericSchema<unknown, T>;

function kind<const Type extends string, Entries extends v.ObjectEntries>(
  type: Type,
  entries: Entries,
) {
  return v.looseObject({ type: v.literal(type), ...entries });
}
