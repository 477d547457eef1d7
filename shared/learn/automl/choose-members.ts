import { selectEnsemble } from '../ensemble/greedy-selection.ts';
import type { Evaluation } from './cross-validate.ts';
import { type Objective, objectiveLoss } from './objective.ts';

/** The candidates to fit on all rows, and how much each weighs. */
export type Choice = {
  members: Evaluation[];
  weights: Float32Array;
  loss: number;
  /** The ensemble's out-of-fold predictions [rows, outputs]. */
  outOfFold: Float32Array;
};

export type Choosing = {
  objective: Objective;
  target: Float64Array;
  /** 1 chooses the best alone. */
  maxMembers: number;
  /** Bytes that all members may take together; those that weigh least are left out. */
  mostBytes: number;
  /** Of one repeat of the cross-validation. */
  folds: number;
};

const SELECTION_ROUNDS = 40;
/** Of how many of the best a choice is made: more of it overfits the out-of-fold predictions. */
export const LIBRARY = 40;
/** Up to so many rows the out-of-fold loss is mostly noise. */
const FEW_ROWS = 1000;
/** What the plain mean weighs beside the selection with few rows; with more, the less of it. */
const MEAN_SHARE = 0.5;
/** Members of that mean where there are more rows. */
const MEAN_MEMBERS = 3;
/** An algorithm so many standard errors behind the best cannot be told from it. */
const ALIKE_ERRORS = 2;

/** Each member is bytes to download and time per prediction; models of few rows are small. */
export const usualMembers = (rows: number): number => (rows <= FEW_ROWS ? 12 : 8);

/**
 * Greedy selection, drawn towards the plain mean of the algorithms that cannot be told from the best,
 * each by its best candidate. With few rows only such candidates are selected from, since what is
 * chosen by the loss alone among many is worse than that mean (docs/learning.md has the figures).
 * @param evaluations best first, at least one
 */
export function chooseMembers(evaluations: readonly Evaluation[], choosing: Choosing): Choice {
  const { objective, target, maxMembers, mostBytes, folds } = choosing;
  const hasFew = target.length <= FEW_ROWS;
  const best = evaluations.slice(0, LIBRARY);
  const library = hasFew ? bestByAlgorithm(best).slice(0, maxMembers) : best;
  const lossOf = (predictions: Float32Array) => objectiveLoss(objective, target, predictions);
  const isSingle = maxMembers <= MEAN_MEMBERS;
  const share = isSingle ? 0 : MEAN_SHARE * Math.min(1, FEW_ROWS / target.length);
  const { weights: selected } = selectEnsemble(
    library.map(({ outOfFold }) => outOfFold),
    {
      lossOf,
      rounds: maxMembers === 1 ? 1 : SELECTION_ROUNDS,
      maxMembers: isSingle || hasFew ? maxMembers : maxMembers - MEAN_MEMBERS,
    },
  );
  const most = hasFew ? maxMembers : MEAN_MEMBERS;
  const mean = meanOfAlike(library, { most, folds });
  const drawn = selected.map((weight, i) => (1 - share) * weight + share * mean[i]);
  const weights = withinBytes(library, drawn, mostBytes);
  const isMember = (_: unknown, i: number) => weights[i] > 0;
  const members = library.filter(isMember);
  const kept = weights.filter(isMember);
  const outOfFold = weightedMean(members, kept);
  return { members, weights: kept, loss: lossOf(outOfFold), outOfFold };
}

const bestByAlgorithm = (library: readonly Evaluation[]): Evaluation[] =>
  library.filter(
    ({ candidate }, i) =>
      library.findIndex((other) => other.candidate.algorithm === candidate.algorithm) === i,
  );

/** Equal weights for the best candidate of each algorithm that is as good as the best one, or nearly. */
function meanOfAlike(
  library: readonly Evaluation[],
  { most, folds }: { most: number; folds: number },
): Float32Array {
  const firsts = bestByAlgorithm(library).map((evaluation) => library.indexOf(evaluation));
  const alike = firsts.filter((i) => isAlike(library[i], library[0], folds)).slice(0, most);
  const weights = new Float32Array(library.length);
  for (const i of alike) weights[i] = 1 / alike.length;
  return weights;
}

/** Paired by fold. Repeats share their rows: they steady the mean, but count as one for its error. */
function isAlike({ foldLosses }: Evaluation, best: Evaluation, folds: number): boolean {
  const behind = foldLosses.map((loss, i) => loss - best.foldLosses[i]);
  const mean = behind.reduce((sum, each) => sum + each, 0) / behind.length;
  const variance = behind.reduce((sum, each) => sum + (each - mean) ** 2, 0) / behind.length;
  return mean <= ALIKE_ERRORS * Math.sqrt(variance / (folds - 1));
}

/** The heaviest that fit together, at least one, weighed to sum to 1. */
function withinBytes(
  library: readonly Evaluation[],
  weights: Float32Array,
  mostBytes: number,
): Float32Array {
  const order = [...weights.keys()].filter((i) => weights[i] > 0);
  order.sort((a, b) => weights[b] - weights[a] || a - b);
  const kept = new Float32Array(weights.length);
  let bytes = 0;
  let total = 0;
  for (const i of order) {
    if (total > 0 && bytes + library[i].modelBytes > mostBytes) continue;
    kept[i] = weights[i];
    bytes += library[i].modelBytes;
    total += weights[i];
  }
  return kept.map((weight) => weight / total);
}

function weightedMean(members: readonly Evaluation[], weights: Float32Array): Float32Array {
  return members[0].outOfFold.map((_, at) =>
    members.reduce((sum, { outOfFold }, m) => sum + weights[m] * outOfFold[at], 0),
  );
}
