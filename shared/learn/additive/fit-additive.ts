import type { FitOptions, LearningData } from '../algorithm.ts';
import { type BinnedColumns, binMatrix } from '../boosting/bin-matrix.ts';
import { binCount } from '../boosting/binning.ts';
import { logisticLoss, softmaxLoss } from '../boosting/class-loss.ts';
import { holdOut } from '../boosting/early-stopping.ts';
import { type Loss, squaredLoss } from '../boosting/loss.ts';
import type { Parameters } from '../search/space.ts';
import { isClassification } from '../task.ts';
import type { TreesEstimator } from '../trees/trees-estimator.ts';
import {
  type Bag,
  boostTerms,
  type CyclicOptions,
  type RowDerivatives,
} from './cyclic-boosting.ts';
import { pairGains, type RankedPair, strongestPairs } from './rank-pairs.ts';
import { shapesToTrees } from './shapes-to-trees.ts';
import { coarsen, mainTerm, PAIR_POSITIONS, pairTerm, type Term } from './terms.ts';

/** Names as InterpretML 0.6's ExplainableBoosting*, where it has them. */
export type AdditiveParameters = {
  learningRate: number;
  maxRounds: number;
  maxLeaves: number;
  minSamplesLeaf: number;
  maxBins: number;
  /** Models of one part of the rows each, stopped by the rest, whose terms are averaged. */
  outerBags: number;
  validationSize: number;
  earlyStoppingRounds: number;
  /** Terms of two features at most. */
  interactions: number;
};

export const ADDITIVE_DEFAULTS: AdditiveParameters = {
  learningRate: 0.04,
  maxRounds: 1000,
  maxLeaves: 3,
  minSamplesLeaf: 2,
  maxBins: 255,
  outerBags: 4,
  validationSize: 0.15,
  earlyStoppingRounds: 50,
  interactions: 10,
};

/**
 * A generalised additive model with pairwise interactions, link(base + sum f_j(x_j) + sum
 * f_ij(x_i, x_j)), by cyclic boosting of binned shape functions in bags (Lou et al. 2013; Nori et
 * al. 2019). Every term is its own trees and has mean 0 over the training rows, so that a row's
 * terms are its explanation. More than two classes have a raw score each, all of the same features
 * and pairs, and the softmax of them as their probabilities. Rows of weight 0 are left out. Time
 * being up, the terms are those of the bags and rounds that were done.
 */
export function fitAdditive(
  data: LearningData,
  given: Parameters,
  { rng, isTimeUp }: FitOptions,
): TreesEstimator {
  const parameters = { ...ADDITIVE_DEFAULTS, ...given } as AdditiveParameters;
  const loss = lossOf(data);
  const binned = binMatrix(data.matrix, parameters.maxBins);
  const fit = startFit(data, { parameters, loss, binned, rng, isTimeUp });
  const single = binned.matrix.features.map((_, feature) => mainTerm(binned, feature));
  const mains = Array.from(fit.base, () => single);
  const byBag = fit.bags.map((bag) => boostBag(fit, bag, mains));
  const pairs = pairTermsOf(fit);
  const hasPairs = pairs[0].length > 0;
  const pairsByBag = hasPairs ? fit.bags.map((bag) => boostBag(fit, bag, pairs)) : [];
  const terms = mains.map((own, output) => [
    ...averaged(own, { byBag, output }),
    ...averaged(pairs[output], { byBag: pairsByBag, output }),
  ]);
  const base = terms.map((own, output) =>
    own.reduce((sum, term) => sum + centreTerm(term, fit), fit.base[output]),
  );
  return shapesToTrees(terms, { base, link: loss.link, binned, matrix: data.matrix });
}

function lossOf({ task, classes }: LearningData): Loss {
  if (!isClassification(task)) return squaredLoss;
  return classes === 2 ? logisticLoss : softmaxLoss(classes);
}

type Fit = {
  data: LearningData;
  parameters: AdditiveParameters;
  loss: Loss;
  binned: BinnedColumns;
  rows: Uint32Array;
  base: Float32Array;
  bags: Bag[];
  derivatives: RowDerivatives;
  options: CyclicOptions;
};

function startFit(
  data: LearningData,
  given: Pick<Fit, 'parameters' | 'loss' | 'binned'> & FitOptions,
): Fit {
  const { parameters, loss, binned, rng, isTimeUp } = given;
  const { target, weights, matrix } = data;
  const all = Uint32Array.from({ length: matrix.rows }, (_, row) => row);
  const rows = weights === null ? all : all.filter((row) => weights[row] > 0);
  const none = { base: new Float32Array(0), scores: [] };
  const base = Float32Array.from(loss.base({ rows, target, weights, ...none }));
  const classes = isClassification(data.task) ? data.classes : 0;
  const share = parameters.validationSize;
  const bags = Array.from({ length: parameters.outerBags }, (): Bag => {
    const { train, validation } = holdOut(rows, { share, classes, target, rng });
    const scores = Array.from(base, () => new Float32Array(matrix.rows));
    const scored = { target, weights, base, scores };
    return { train: { rows: train, ...scored }, validation: { rows: validation, ...scored } };
  });
  const hessians =
    weights === null ? new Float32Array(matrix.rows).fill(1) : Float32Array.from(weights);
  const derivatives = { gradients: new Float32Array(matrix.rows), hessians };
  const { learningRate, maxRounds, maxLeaves, minSamplesLeaf, earlyStoppingRounds } = parameters;
  const options: CyclicOptions = {
    ...{ learningRate, maxRounds, maxLeaves, minSamplesLeaf, patience: earlyStoppingRounds },
    ...(isTimeUp ? { isTimeUp } : {}),
  };
  return { data, parameters, loss, binned, rows, base, bags, derivatives, options };
}

/** @returns by raw score, the values of the terms that the bag alone would have */
function boostBag(
  { loss, derivatives, options }: Fit,
  bag: Bag,
  terms: readonly (readonly Term[])[],
): Float64Array[][] {
  const own = terms.map((ofOutput) =>
    ofOutput.map((term) => ({ ...term, values: new Float64Array(term.values.length) })),
  );
  boostTerms(own, bag, { ...options, loss, derivatives });
  return own.map((ofOutput) => ofOutput.map(({ values }) => values));
}

/**
 * By raw score, terms of the pairs that are strongest after the single features, the same for each;
 * categories of many levels have none.
 */
function pairTermsOf(fit: Fit): Term[][] {
  const { parameters, binned, data, loss, derivatives, options } = fit;
  const { features } = binned.matrix;
  if (parameters.interactions === 0 || features.length === 0 || options.isTimeUp?.())
    return Array.from(fit.base, () => []);
  const narrow = Array.from(features.keys()).filter(
    (f) => features[f].type !== 'category' || binCount(features[f]) <= PAIR_POSITIONS,
  );
  const coarse = Array.from(fit.base, (_, output) => {
    const target = fit.base.length === 1 ? data.target : isClass(data.target, output);
    return narrow.map((feature) => coarsen(binned, feature, target));
  });
  const { minSamplesLeaf } = parameters;
  const gains = fit.bags.flatMap(({ train }): RankedPair[][] => {
    loss.beforeRound?.(train);
    return coarse.map((own, output) => {
      loss.fill(train, output, derivatives);
      return pairGains(own, train.rows, { derivatives, minSamplesLeaf });
    });
  });
  const strongest = strongestPairs(gains, parameters.interactions);
  return coarse.map((own) => strongest.map(({ a, b }) => pairTerm(own[a], own[b])));
}

const isClass = (target: Float64Array, k: number): Float64Array =>
  target.map((code) => (code === k ? 1 : 0));

const averaged = (
  terms: readonly Term[],
  { byBag, output }: { byBag: readonly Float64Array[][][]; output: number },
): Term[] =>
  terms.map((term, t) => ({
    ...term,
    values: term.values.map(
      (_, i) => byBag.reduce((sum, bag) => sum + bag[output][t][i], 0) / byBag.length,
    ),
  }));

/** Takes the term's weighted mean over the rows from its values, and returns it. */
function centreTerm(term: Term, { rows, data }: Fit): number {
  let sum = 0;
  let total = 0;
  for (const row of rows) {
    const weight = data.weights === null ? 1 : data.weights[row];
    sum += weight * term.values[term.cells[row]];
    total += weight;
  }
  const mean = sum / total;
  term.values.forEach((value, i) => {
    term.values[i] = value - mean;
  });
  return mean;
}
