import { fail, ok, type Result } from '../../core/result.ts';
import type { FairnessConstraint } from './rate-constraints.ts';
import {
  type CountRate,
  type Mixed,
  mixedAt,
  type TradeoffPoint,
  tradeoffHull,
} from './tradeoff-curve.ts';

/** What thresholds by group can bring together. */
export type ThresholdConstraint = Exclude<FairnessConstraint, 'error_rate_parity'>;

/**
 * How rows of a group are decided: with chance `pIgnore` yes with chance `predictionConstant`, else yes above one of
 * two thresholds, drawn with chances p0 and p1. A threshold may be infinite: nobody, or everybody.
 */
export type ThresholdRule = Omit<Mixed, 'y'> & { pIgnore: number; predictionConstant: number };

export type ThresholdRules = {
  /** By group. */
  rules: Map<string, ThresholdRule>;
  /** What all groups are brought to: the selection rate, or the constraint's rate, or (odds) the false positive rate. */
  rate: number;
  /** Expected share of right decisions on these rows. */
  accuracy: number;
};

export type ThresholdError =
  | { reason: 'no_rows' }
  /** A group whose rows are all positive, or all negative. */
  | { reason: 'one_class_in_group'; group: string; truth: 0 | 1 };

const GRID_SIZE = 1000;

const selectionRate: CountRate = ({ truePositives, falsePositives }, { positives, negatives }) =>
  (truePositives + falsePositives) / (positives + negatives);
const truePositiveRate: CountRate = ({ truePositives }, { positives }) => truePositives / positives;
const falsePositiveRate: CountRate = ({ falsePositives }, { negatives }) =>
  falsePositives / negatives;
const accuracyOf: CountRate = ({ truePositives, falsePositives }, { positives, negatives }) =>
  (truePositives + negatives - falsePositives) / (positives + negatives);

/** Rates of the hull of each constraint: what is brought together, and what is to be as large as can be. */
const RATES: Record<ThresholdConstraint, { x: CountRate; y: CountRate }> = {
  demographic_parity: { x: selectionRate, y: accuracyOf },
  true_positive_rate_parity: { x: truePositiveRate, y: accuracyOf },
  false_positive_rate_parity: { x: falsePositiveRate, y: accuracyOf },
  equalized_odds: { x: falsePositiveRate, y: truePositiveRate },
};

type Group = { name: string; rows: number[]; hull: TradeoffPoint[] };

/**
 * Randomised thresholds by group that bring a rate of all groups together, exactly on these rows, at the least loss of
 * accuracy. Under `equalized_odds` both rates meet where the groups' curves overlap; a group that could do better is
 * given some answers by lot.
 *
 * Rates are tried on a grid of 1,001; of equally accurate ones the first is taken.
 * @param truth 0 or 1; scores finite, higher for yes; groups; equal lengths
 * Cost: sorting, and 1,001 x groups. Source: Hardt, Price and Srebro (2016). Reference implementation: Fairlearn
 * 0.10.0, ThresholdOptimizer(objective='accuracy_score', grid_size=1000, flip=False).
 */
export function optimiseThresholdRules(
  rows: { truth: ArrayLike<number>; scores: ArrayLike<number>; groups: readonly string[] },
  constraint: ThresholdConstraint,
): Result<ThresholdRules, ThresholdError> {
  const { truth, groups } = rows;
  if (groups.length === 0) return fail({ reason: 'no_rows' });
  const parts: Group[] = [];
  const rowsOf = new Map([...new Set(groups)].sort().map((name) => [name, [] as number[]]));
  groups.forEach((group, i) => {
    rowsOf.get(group)?.push(i);
  });
  for (const [name, own] of rowsOf) {
    const positives = own.reduce((sum, i) => sum + truth[i], 0);
    if (positives === 0 || positives === own.length)
      return fail({ reason: 'one_class_in_group', group: name, truth: positives === 0 ? 0 : 1 });
    const scores = own.map((i) => rows.scores[i]);
    const hull = tradeoffHull({ scores, truth: own.map((i) => truth[i]) }, RATES[constraint]);
    parts.push({ name, rows: own, hull });
  }
  const positives = Array.from(truth).reduce((sum, label) => sum + label, 0);
  const total = { rows: groups.length, share: positives / groups.length };
  return ok(constraint === 'equalized_odds' ? meetOdds(parts, total) : meetRate(parts, total.rows));
}

function meetRate(parts: readonly Group[], total: number): ThresholdRules {
  const at = (rate: number): Mixed[] => parts.map(({ hull }) => mixedAt(hull, rate));
  const { rate, value } = bestOnGrid((x) =>
    at(x).reduce((sum, { y }, g) => sum + (y * parts[g].rows.length) / total, 0),
  );
  const mixed = at(rate);
  const rules = parts.map(({ name }, g): [string, ThresholdRule] => {
    const { y, ...chances } = mixed[g];
    return [name, { ...chances, pIgnore: 0, predictionConstant: 0 }];
  });
  return { rules: new Map(rules), rate, accuracy: value };
}

function meetOdds(parts: readonly Group[], { share }: { share: number }): ThresholdRules {
  const lowest = (x: number): number => Math.min(...parts.map(({ hull }) => mixedAt(hull, x).y));
  const { rate, value } = bestOnGrid((x) => (1 - share) * (1 - x) + share * lowest(x));
  const reached = lowest(rate);
  const rules = parts.map(({ name, hull }): [string, ThresholdRule] => {
    const { y, ...chances } = mixedAt(hull, rate);
    const pIgnore = y === rate ? 0 : (y - reached) / (y - rate);
    return [name, { ...chances, pIgnore, predictionConstant: rate }];
  });
  return { rules: new Map(rules), rate, accuracy: value };
}

/** The first of the best; differences in the last bits are none. */
function bestOnGrid(valueAt: (x: number) => number): { rate: number; value: number } {
  let best = { rate: 0, value: Number.NEGATIVE_INFINITY };
  for (let step = 0; step <= GRID_SIZE; step++) {
    const value = valueAt(step / GRID_SIZE);
    if (value > best.value + 1e-15) best = { rate: step / GRID_SIZE, value };
  }
  return best;
}

/** Chance of yes by score: `chances[k]` above thresholds[k - 1] and up to thresholds[k], which are finite and grow. */
export type ChanceSteps = { thresholds: number[]; chances: number[] };

/** The rule as a function of the score. */
export function chanceSteps(rule: ThresholdRule): ChanceSteps {
  const drawn = 1 - rule.pIgnore;
  const ops = [
    { threshold: rule.threshold0, chance: drawn * rule.p0 },
    { threshold: rule.threshold1, chance: drawn * rule.p1 },
  ].filter(({ chance }) => chance > 0);
  const always = ops.filter(({ threshold }) => threshold === Number.NEGATIVE_INFINITY);
  const finite = ops
    .filter(({ threshold }) => Number.isFinite(threshold))
    .sort((a, b) => a.threshold - b.threshold);
  let chance = always.reduce(
    (sum, own) => sum + own.chance,
    rule.pIgnore * rule.predictionConstant,
  );
  const chances = [chance];
  for (const own of finite) {
    chance += own.chance;
    chances.push(Math.min(1, chance));
  }
  return { thresholds: finite.map(({ threshold }) => threshold), chances };
}
