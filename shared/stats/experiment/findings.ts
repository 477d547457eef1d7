import { ok, type Result } from '../../core/result.ts';
import { normalQuantile } from '../distributions/normal.ts';
import { holm } from '../multiple-testing.ts';
import {
  analyseExperiment,
  type ExperimentAnswer,
  type ExperimentError,
  type ExperimentQuestion,
} from './analyse.ts';
import { type Arm, armsOf } from './arm.ts';
import { decideExperiment, type ExperimentDecision } from './decision.ts';
import { effectOf } from './effect.ts';
import { type Novelty, noveltyOf, type Part, type SegmentFindings, segmentsOf } from './parts.ts';
import { sampleRatioMismatch } from './sample-ratio.ts';

/** One metric of an experiment and, where they are known, what its effect must be worth and how users were split. */
export type MetricQuestion = ExperimentQuestion & {
  name: string;
  /** Smallest effect worth having, on the question's scale; null: no decision is asked for. */
  minEffect: number | null;
  /** Shares of control and treatment that were meant; null: not checked. */
  weights: readonly [number, number] | null;
  /** The same metric day by day, in order, and by segment; empty: not asked. */
  days: readonly Part[];
  segments: readonly Part[];
};

/** Which way a metric went, in the direction that is better. */
export type Direction = 'better' | 'worse' | 'unsettled';

export type MetricFinding = {
  question: MetricQuestion;
  answer: Result<MetricAnswer, ExperimentError>;
  sampleRatioP: number | null;
};

export type MetricAnswer = ExperimentAnswer & {
  control: Arm;
  treatment: Arm;
  /** p adjusted over all metrics that have one (Holm); null where there is none. */
  adjustedPValue: number | null;
  direction: Direction;
  /** Effect that these sizes would have found with chance 0.8 at the question's alpha. */
  detectable: number;
  decision: ExperimentDecision | null;
  /** Does the effect wear off? Null where too few days are known. */
  novelty: Novelty | null;
  /** Is the effect another in some segment? Null where fewer than two are known. */
  segments: SegmentFindings | null;
};

const POWER = 0.8;

/**
 * The metrics of one experiment together: each answered as asked, p adjusted over them, and a decision in words
 * where it is said what an effect must be worth. A metric went somewhere when its adjusted p is at most alpha, or
 * (Bayesian) when its interval leaves out no effect.
 */
export function findMetrics(questions: readonly MetricQuestion[]): MetricFinding[] {
  const answers = questions.map((question) => analyseExperiment(question));
  const tested = answers.flatMap((answer, i) =>
    answer.ok && answer.value.pValue !== null ? [{ i, p: answer.value.pValue }] : [],
  );
  const adjusted = new Map(
    holm(tested.map(({ p }) => p)).map((p, at) => [tested[at].i, p] as const),
  );
  return questions.map((question, i) => {
    const sampleRatioP = splitOf(question);
    const answer = answers[i];
    if (!answer.ok) return { question, answer, sampleRatioP };
    const known = { adjustedPValue: adjusted.get(i) ?? null, sampleRatioP };
    return { question, answer: complete(question, answer.value, known), sampleRatioP };
  });
}

function complete(
  question: MetricQuestion,
  answer: ExperimentAnswer,
  known: { adjustedPValue: number | null; sampleRatioP: number | null },
): Result<MetricAnswer, ExperimentError> {
  const arms = armsOf(question.control, question.treatment);
  if (!arms.ok) return arms;
  const { control, treatment } = arms.value;
  const standardError = effectOf(control, treatment, question.effect)?.standardError ?? 0;
  const { alpha, alternative } = question;
  const reach = normalQuantile(alternative === 'two-sided' ? alpha / 2 : alpha, 'upper');
  return ok({
    ...answer,
    control,
    treatment,
    adjustedPValue: known.adjustedPValue,
    direction: directionOf(question, answer, known.adjustedPValue),
    detectable: (reach + normalQuantile(POWER)) * standardError,
    decision: decisionOf(question, answer, { standardError, sampleRatioP: known.sampleRatioP }),
    novelty: noveltyOf(question.days, question),
    segments: segmentsOf(question.segments, question),
  });
}

function splitOf({ weights, control, treatment }: MetricQuestion): number | null {
  if (!weights) return null;
  const split = sampleRatioMismatch([control.n, treatment.n], weights);
  return split.ok ? split.value.pValue : null;
}

function directionOf(
  { alpha, isInverse }: MetricQuestion,
  { effect, interval: [low, high], pValue }: ExperimentAnswer,
  adjusted: number | null,
): Direction {
  const isSettled = pValue === null ? low > 0 || high < 0 : adjusted !== null && adjusted <= alpha;
  if (!isSettled) return 'unsettled';
  return effect > 0 === (isInverse !== true) ? 'better' : 'worse';
}

function decisionOf(
  { minEffect, isInverse, control, treatment, effect: scale }: MetricQuestion,
  { effect, interval: [low, high] }: ExperimentAnswer,
  known: { standardError: number; sampleRatioP: number | null },
): ExperimentDecision | null {
  if (minEffect === null) return null;
  return decideExperiment({
    effect: isInverse ? -effect : effect,
    interval: isInverse ? [-high, -low] : [low, high],
    standardError: known.standardError,
    n: control.n + treatment.n,
    minEffect,
    scale,
    sampleRatioP: known.sampleRatioP ?? 1,
  });
}
