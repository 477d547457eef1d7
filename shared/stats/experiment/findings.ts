import { fail, ok, type Result } from '../../core/result.ts';
import { normalQuantile } from '../distributions/normal.ts';
import { type Adjusted, type Adjustment, adjustFamily } from './adjustment.ts';
import {
  analyseExperiment,
  type ExperimentAnswer,
  type ExperimentError,
  type ExperimentQuestion,
  measureEffect,
  mostAlpha,
} from './analyse.ts';
import type { Arm } from './arm.ts';
import type { Direction, ExperimentDecision } from './decision.ts';
import {
  type Alone,
  decisionOf,
  directionOf,
  type Family,
  marginAt,
  nonInferiorityOf,
} from './judge-metric.ts';
import { POWER } from './next-look.ts';
import type { MarginTest } from './non-inferiority.ts';
import { type Novelty, noveltyOf, type Part, type SegmentFindings, segmentsOf } from './parts.ts';
import { sampleRatioMismatch } from './sample-ratio.ts';

/** One metric of an experiment and, where they are known, what its effect must be worth and how users were split. */
export type MetricQuestion = ExperimentQuestion & {
  name: string;
  /** Smallest effect worth having, on the question's scale; null: no decision is asked for, but by a margin. */
  minEffect: number | null;
  /** How much worse is borne, 0 or more, on the question's scale: asks for a decision; null or absent: not asked. */
  margin?: number | null;
  /** Shares of control and treatment that were meant, both above 0; null: not checked. */
  weights: readonly [number, number] | null;
  /** The same metric day by day, in order, and by segment; empty: not asked. */
  days: readonly Part[];
  segments: readonly Part[];
};

export type MetricFinding = {
  question: MetricQuestion;
  answer: Result<MetricAnswer, ExperimentError>;
  sampleRatioP: number | null;
};

export type NonInferiority = Omit<MarginTest, 'isWorse'> & {
  margin: number;
  /** p adjusted over the metrics that have a margin; null where there is none. */
  adjustedPValue: number | null;
  verdict: 'not_worse' | 'worse' | 'unsettled';
};

export type MetricAnswer = ExperimentAnswer & {
  control: Arm;
  treatment: Arm;
  /** p adjusted over all metrics that have one; null where there is none. */
  adjustedPValue: number | null;
  /** The interval at the level that p was held against: it leaves out no effect where the verdict is settled. */
  adjustedInterval: [number, number];
  /** How many metrics p was adjusted over; 1: nothing was adjusted. */
  adjustedOver: number;
  direction: Direction;
  /** Null where no margin was given. */
  nonInferiority: NonInferiority | null;
  /** Effect that these sizes would have found with chance 0.8 at the question's alpha. */
  detectable: number;
  decision: ExperimentDecision | null;
  /** Does the effect wear off? Null where too few days are known. */
  novelty: Novelty | null;
  /** Is the effect another in some segment? Null where fewer than two are known. */
  segments: SegmentFindings | null;
};

/**
 * The metrics of one experiment together: each answered as asked, p adjusted over them, and a decision in words
 * where it is said what an effect must be worth or what loss is borne. A metric went somewhere when its adjusted p is
 * at most alpha, or (Bayesian) when its interval leaves out no effect; verdict, interval and decision follow from
 * that one rule. Margins are adjusted over the metrics that have one.
 */
export function findMetrics(
  questions: readonly MetricQuestion[],
  { adjustment = 'holm' }: { adjustment?: Adjustment } = {},
): MetricFinding[] {
  const known = questions.map(answerAlone);
  const tested = (of: (alone: Alone) => number | null) =>
    adjustKnown(
      known.map((alone) => (alone.ok ? of(alone.value) : null)),
      { questions, adjustment },
    );
  const effects = tested(({ answer }) => answer.pValue);
  const margins = tested(({ margin }) => margin?.pValue ?? null);
  const family = effects.filter((one) => one !== null).length;
  const adjustedOver = adjustment === 'none' ? 1 : Math.max(1, family);
  return questions.map((question, i) => {
    const sampleRatioP = splitOf(question);
    const alone = known[i];
    if (!alone.ok) return { question, answer: alone, sampleRatioP };
    const others = { effect: effects[i], margin: margins[i], adjustedOver, sampleRatioP };
    return { question, answer: ok(complete(question, alone.value, others)), sampleRatioP };
  });
}

function answerAlone(question: MetricQuestion): Result<Alone, ExperimentError> {
  const { weights } = question;
  if (weights && !weights.every((weight) => weight > 0 && Number.isFinite(weight)))
    return fail({ reason: 'bad_weights', weights });
  const { alpha, test, margin: borne = null } = question;
  if (borne !== null && alpha >= mostAlpha(test, true)) return fail({ reason: 'bad_alpha', alpha });
  const measured = measureEffect(question);
  if (!measured.ok) return measured;
  const answer = analyseExperiment(question);
  if (!answer.ok) return answer;
  const margin = marginAt(question, measured.value, alpha);
  return ok({ measured: measured.value, answer: answer.value, margin });
}

function adjustKnown(
  pValues: readonly (number | null)[],
  { questions, adjustment }: { questions: readonly MetricQuestion[]; adjustment: Adjustment },
): (Adjusted | null)[] {
  const family = pValues.flatMap((pValue, i) =>
    pValue === null ? [] : [{ pValue, alpha: questions[i].alpha }],
  );
  const adjusted = adjustFamily(family, adjustment);
  let next = 0;
  return pValues.map((pValue) => (pValue === null ? null : adjusted[next++]));
}

function complete(question: MetricQuestion, alone: Alone, family: Family): MetricAnswer {
  const { alpha, alternative } = question;
  const { measured, answer } = alone;
  const level = family.effect?.level ?? alpha;
  const told = analyseExperiment({ ...question, level });
  const adjustedPValue = family.effect?.pValue ?? null;
  const reach = normalQuantile(alternative === 'two-sided' ? alpha / 2 : alpha, 'upper');
  const judged = {
    adjustedPValue,
    adjustedInterval: told.ok ? told.value.interval : answer.interval,
    adjustedOver: family.effect ? family.adjustedOver : 1,
    direction: directionOf(question, answer, adjustedPValue),
    nonInferiority: nonInferiorityOf(question, alone, family.margin),
  };
  return {
    ...answer,
    ...judged,
    control: measured.control,
    treatment: measured.treatment,
    detectable: (reach + normalQuantile(POWER)) * measured.effect.standardError,
    decision: decisionOf(question, judged, { measured, levels: family }),
    novelty: noveltyOf(question.days, question),
    segments: segmentsOf(question.segments, question),
  };
}

function splitOf({ weights, control, treatment }: MetricQuestion): number | null {
  if (!weights) return null;
  const split = sampleRatioMismatch([control.n, treatment.n], weights);
  return split.ok ? split.value.pValue : null;
}
