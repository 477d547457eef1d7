import { normalSurvival } from '../../../stats/distributions/normal.ts';
import { bestTrial, type Direction, lossOf, type Trial } from '../trial.ts';
import { reportAt } from './percentile.ts';
import type { WilcoxonOptions } from './pruner.ts';

const EXACT_UP_TO = 50;

/**
 * Whether the reports, paired by step with those of the best trial, are worse by Wilcoxon's
 * signed-rank test: for objectives that are means over folds or files, one a step. A trial whose
 * mean is better than the best trial's is kept whatever the test says.
 * Reference implementation: Optuna 5.0.0 (`WilcoxonPruner`).
 */
export function isWilcoxonPruned(
  trial: Trial,
  { trials, direction }: { trials: readonly Trial[]; direction: Direction },
  { threshold = 0.1, startupSteps = 2 }: Partial<WilcoxonOptions> = {},
): boolean {
  const best = bestTrial(trials, direction);
  if (best === null || best.intermediate.length === 0) return false;
  const reports = trial.intermediate.map(({ value }) => lossOf(value, direction));
  const rivals = best.intermediate.map(({ value }) => lossOf(value, direction));
  if (![...reports, ...rivals].every(Number.isFinite)) return false;
  const steps = [...new Set(trial.intermediate.map(({ step }) => step))];
  const differences = steps.flatMap((step) => {
    const [own, other] = [reportAt(trial, step), reportAt(best, step)];
    if (own === undefined || other === undefined) return [];
    return [lossOf(own, direction) - lossOf(other, direction)];
  });
  if (differences.length < Math.max(2, startupSteps)) return false;
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  return signedRankAbove(differences) < threshold && mean(reports) > mean(rivals);
}

/**
 * Chance, if the differences were symmetric about zero, that the ranks of the positive ones sum to
 * at least what they do. Zeros are ranked and count half (zero split); ties have mid-ranks. Exact
 * given ties and zeros up to 50 differences, beyond by the normal limit, uncorrected for
 * continuity.
 * Source: Wilcoxon (1945); reference implementation: scipy.stats.wilcoxon 1.17.1
 * (zero_method 'zsplit', alternative 'greater'), which is exact with ties up to 13.
 */
export function signedRankAbove(differences: readonly number[]): number {
  const n = differences.length;
  const { ranks, ties } = sizeRanks(differences);
  const sum = (isCounted: (value: number) => boolean): number =>
    ranks.reduce((total, rank, i) => total + (isCounted(differences[i]) ? rank : 0), 0);
  const positive = sum((value) => value > 0);
  if (n <= EXACT_UP_TO)
    return exactAbove(
      positive,
      ranks.filter((_, i) => differences[i] !== 0),
    );
  const zeros = sum((value) => value === 0);
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - ties / 48;
  const mean = (n * (n + 1)) / 4;
  return variance > 0 ? normalSurvival((positive + zeros / 2 - mean) / Math.sqrt(variance)) : 1;
}

/** Mid-ranks of the sizes from 1, and the sum of t^3 - t over groups of t equal ones. */
function sizeRanks(values: readonly number[]): { ranks: Float64Array; ties: number } {
  const order = values.map((_, i) => i).sort((a, b) => Math.abs(values[a]) - Math.abs(values[b]));
  const ranks = new Float64Array(values.length);
  let ties = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && Math.abs(values[order[to]]) === Math.abs(values[order[from]])) to++;
    for (let at = from; at < to; at++) ranks[order[at]] = (from + 1 + to) / 2;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  return { ranks, ties };
}

/** Share of the subsets of the ranks (whole or half numbers) that sum to at least `sum`. */
function exactAbove(sum: number, ranks: Float64Array): number {
  const halves = ranks.map((rank) => 2 * rank);
  const most = halves.reduce((total, half) => total + half, 0);
  const shares = new Float64Array(most + 1);
  shares[0] = 1;
  for (const half of halves)
    for (let total = most; total >= 0; total--)
      shares[total] = (shares[total] + (total >= half ? shares[total - half] : 0)) / 2;
  let above = 0;
  for (let total = 2 * sum; total <= most; total++) above += shares[total];
  return Math.min(1, above);
}
