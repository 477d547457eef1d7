import { ok, type Result } from '../../core/result.ts';
import type { Rng } from '../../core/rng.ts';
import { conformalQuantile, type TooLittleData } from './conformal-quantile.ts';

/**
 * Which classes to name so that the true one is among them with a chance of at least `level`.
 * `lac`: those of probability at least 1 - bound; the smallest sets on average, and none where all
 * classes are unlikely. `aps`: the likeliest ones until their probabilities reach the bound; larger
 * sets where the model is unsure.
 */
export type PredictionSetRule = {
  type: 'lac' | 'aps';
  level: number;
  bound: number;
  classes: number;
  rows: number;
};

/**
 * Learns the bound from held-out rows.
 * @param probabilities row-major [rows, classes]; @param truth class codes
 * @param rng for `aps`: draws how much of a class's own probability counts, without which sets are
 * larger than they need to be; null: all of it
 * Ties: classes of equal probability count as the least likely of them, which keeps the chance.
 * Source: lac: Sadinle, Lei, Wasserman 2019; aps: Romano, Sesia, Candès 2020.
 */
export function fitPredictionSets(
  {
    truth,
    probabilities,
    classes,
  }: { truth: ArrayLike<number>; probabilities: ArrayLike<number>; classes: number },
  { type, level, rng = null }: { type: 'lac' | 'aps'; level: number; rng?: Rng | null },
): Result<PredictionSetRule, TooLittleData> {
  const scores = Float64Array.from(truth, (code, row) => {
    const own = probabilities.length === 0 ? 0 : probabilities[row * classes + code];
    if (type === 'lac') return 1 - own;
    return adaptiveScore({ probabilities, at: row * classes, classes, own, rng });
  });
  const bound = conformalQuantile(scores, level);
  return bound.ok ? ok({ type, level, bound: bound.value, classes, rows: truth.length }) : bound;
}

/**
 * The set of each row: class codes, the likeliest first.
 * @param rng as the rule was fitted with
 */
export function predictionSets(
  { type, bound, classes }: PredictionSetRule,
  probabilities: ArrayLike<number>,
  rng: Rng | null = null,
): number[][] {
  const rows = probabilities.length / classes;
  return Array.from({ length: rows }, (_, row) => {
    const at = row * classes;
    const codes = Array.from({ length: classes }, (_, code) => code);
    // One draw for all classes of a row, as each is judged as if it were the true one.
    const draw = rng?.() ?? 0;
    const shared = rng === null ? null : () => draw;
    return codes
      .filter((code) => {
        const own = probabilities[at + code];
        if (type === 'lac') return 1 - own <= bound;
        return adaptiveScore({ probabilities, at, classes, own, rng: shared }) <= bound;
      })
      .sort((a, b) => probabilities[at + b] - probabilities[at + a]);
  });
}

/** Probabilities of the classes likelier than one, and its own: all of that, or a drawn share. */
function adaptiveScore({
  probabilities,
  at,
  classes,
  own,
  rng,
}: {
  probabilities: ArrayLike<number>;
  at: number;
  classes: number;
  own: number;
  rng: Rng | null;
}): number {
  let likelier = 0;
  let equal = 0;
  for (let code = 0; code < classes; code++) {
    if (probabilities[at + code] > own) likelier += probabilities[at + code];
    else if (probabilities[at + code] === own) equal += own;
  }
  return likelier + equal * (rng === null ? 1 : 1 - rng());
}
