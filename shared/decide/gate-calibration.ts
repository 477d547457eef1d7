import type { ScoreCounts } from '../contracts/profile.ts';
import type { GateResult } from '../contracts/registry.ts';
import { calibrationOf } from '../stats/performance/score-calibration.ts';
import { addScores, CALIBRATION_BINS, createScores } from '../stats/profile/score-counts.ts';
import { currentOf, type GateQuestion } from './gate-question.ts';
import { grown, isShownAbove, settledAt, totalOf, verdictOf } from './gate-verdict.ts';

/** Ways to call each bin's probabilities too high or too low. */
const SIGN_PATTERNS = 2 ** CALIBRATION_BINS;

/**
 * Is the challenger's expected calibration error within `limit`, in [0, 1]?
 *
 * The counted error is the largest of 1,024 means, one for each way of calling bins too high or too low: of
 * (outcome - probability) times the sign its bin is given. Each such mean has at most the true error, so a confidence
 * sequence for each at a 1,024th of alpha holds for the largest at alpha, whichever the counts choose and however
 * often one looks (a union over the signs, as Weissman et al. 2003 bound an L1 distance). That costs less than a
 * bound for each bin: their half-widths would add up. The variance is never taken to be smaller than that of honest
 * probabilities, since few outcomes of one kind show none.
 *
 * What is told and held to the limit is the error beyond chance: the counted one is too large by chance alone.
 */
export function judgeCalibration(question: GateQuestion): GateResult {
  const { metric, limit, minSamples, steps } = question;
  const n = countOf(currentOf(question).scores);
  const base = { metric, champion: null, limit, n, needed: minSamples };
  const whole = createScores();
  for (const { challenger } of steps) if (challenger.scores) addScores(whole, challenger.scores);
  const found = calibrationOf(whole);
  if (!found) return { ...base, verdict: 'insufficient_data', challenger: null };
  const total = totalOf(steps, ({ scores }) => countOf(scores));
  const bound = { alpha: question.alpha / SIGN_PATTERNS, minSamples };
  const isShownAt = (factor: number): boolean => {
    // What chance adds now it will not add then.
    const error = factor === 1 ? found.error : found.errorBeyondChance;
    const standardError = Math.sqrt(found.variance / found.n);
    const running = { estimate: error - limit, standardError, n: found.n };
    return factor * total >= minSamples && isShownAbove(grown(running, factor), bound);
  };
  const verdict = verdictOf({
    isFailureShown: isShownAt(1),
    isEnough: n >= minSamples,
    isGood: found.errorBeyondChance <= limit,
  });
  const settled = settledAt(verdict, { n, needed: minSamples, total, isShownAt });
  return { ...base, verdict, challenger: found.errorBeyondChance, settledAt: settled };
}

const countOf = (scores: ScoreCounts | null): number => scores?.logLoss.n ?? 0;
