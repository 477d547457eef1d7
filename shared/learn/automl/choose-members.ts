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
/** Up to so many rows the plain mean alone decides; of more rows it has this many rows' share. */
const MEAN_ROWS = 1000;
/** An algorithm so many standard errors behind the best cannot be told from it. */
const ALIKE_ERRORS = 2;
/** Fewer members leave no room for both a mean and a selection. */
const FEW_MEMBERS = 3;

/**
 * The plain mean of the algorithms that cannot be told from the best (each by its best candidate), and
 * the more rows there are, the more of a greedy selection: with few rows the out-of-fold loss is mostly
 * noise, and what is chosen by it alone is worse than that mean (docs/learning.md has the figures).
 * @param evaluations best first, at least one
 */
export function chooseMembers(evaluations: readonly Evaluation[], choosing: Choosing): Choice {
  const { objective, target, maxMembers, mostBytes, folds } = choosing;
  const library = evaluations.slice(0, LIBRARY);
  const lossOf = (predictions: Float32Array) => objectiveLoss(objective, target, predictions);
  const share = maxMembers <= FEW_MEMBERS ? 0 : Math.min(1, MEAN_ROWS / target.length);
  const meanMembers = Math.max(FEW_MEMBERS, Math.round(share * maxMembers));
  const mean = share === 0 ? null : meanOfAlike(library, { most: meanMembers, folds });
  const selected =
    share === 1
      ? null
      : selectEnsemble(
          library.map(({ outOfFold }) => outOfFold),
          {
            lossOf,
            rounds: maxMembers === 1 ? 1 : SELECTION_ROUNDS,
            maxMembers: mean === null ? maxMembers : Math.max(1, maxMembers - meanMembers),
          },
        ).weights;
  const drawn = Float32Array.from(
    library,
    (_, i) => share * (mean?.[i] ?? 0) + (1 - share) * (selected?.[i] ?? 0),
  );
  const weights = withinBytes(library, drawn, mostBytes);
  const isMember = (_: unknown, i: number) => weights[i] > 0;
  const members = library.filter(isMember);
  const kept = weights.filter(isMember);
  const outOfFold = weightedMean(members, kept);
  return { members, weights: kept, loss: lossOf(outOfFold), outOfFold };
}

/** Equal weights for the best candidate of each algorithm that is as good as the best one, or nearly. */
function meanOfAlike(
  library: readonly Evaluation[],
  { most, folds }: { most: number; folds: number },
): Float32Array {
  const names = [...new Set(library.map(({ candidate }) => candidate.algorithm))];
  const firsts = names.map((name) =>
    library.findIndex(({ candidate }) => candidate.algorithm === name),
  );
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
