import {
  answerIn,
  effectText,
  formatOf,
  signed,
  whyNot,
} from '../../shared/report/kinds/metric-words.ts';
import { chanceText, percentText, valueText } from '../../shared/report/number-text.ts';
import type { ExperimentAnswer, ExperimentError } from '../../shared/stats/experiment/analyse.ts';
import { BROKEN_BELOW, type ExperimentDecision } from '../../shared/stats/experiment/decision.ts';
import type {
  MetricAnswer,
  MetricFinding,
  NonInferiority,
} from '../../shared/stats/experiment/findings.ts';
import type { Novelty, SegmentFindings } from '../../shared/stats/experiment/parts.ts';

type Bounds = [number | null, number | null];

/** Infinite bounds are null; what cannot be told is null with the reason; a decision only where one was asked for. */
type MetricJson = {
  effect: number | null;
  interval: Bounds;
  pValue: number | null;
  /** Over all metrics of the file; the interval is at the level that p was held against. */
  adjustedPValue?: number;
  adjustedInterval?: Bounds;
  chanceToWin: number | null;
  risk: ExperimentAnswer['risk'];
  sampleRatioP?: number;
  nonInferiority?: NonInferiority;
  decision?: ExperimentDecision;
  novelty?: Novelty;
  segments?: SegmentFindings;
  insufficient?: ExperimentError;
};

const boundsIn = (interval: readonly [number, number]): Bounds => [
  finiteOrNull(interval[0]),
  finiteOrNull(interval[1]),
];
const finiteOrNull = (bound: number): number | null => (Number.isFinite(bound) ? bound : null);

export function metricJson({ answer, sampleRatioP }: MetricFinding): MetricJson {
  const split = sampleRatioP === null ? {} : { sampleRatioP };
  if (!answer.ok) {
    const none = { effect: null, interval: [null, null] as Bounds, pValue: null };
    return { ...none, chanceToWin: null, risk: null, ...split, insufficient: answer.error };
  }
  const { adjustedPValue, adjustedInterval, nonInferiority, decision, novelty, segments } =
    answer.value;
  const { effect, interval, pValue, chanceToWin, risk } = answer.value;
  const adjusted =
    adjustedPValue === null ? {} : { adjustedPValue, adjustedInterval: boundsIn(adjustedInterval) };
  return {
    ...{ effect, interval: boundsIn(interval), pValue, ...adjusted, chanceToWin, risk, ...split },
    ...(nonInferiority === null ? {} : { nonInferiority }),
    ...(decision === null ? {} : { decision }),
    ...(novelty === null ? {} : { novelty }),
    ...(segments === null ? {} : { segments }),
  };
}

export function metricSentence(finding: MetricFinding): string {
  const { question, answer, sampleRatioP } = finding;
  if (!answer.ok) return `${question.name}: cannot be told. ${whyNot(answer.error)}`;
  const told = `${question.name}: effect ${effectText(finding, answer.value)}, ${chanceIn(answer.value)}.`;
  const { decision } = answer.value;
  if (decision) return `${told}${marginText(finding)} ${decision.sentence}`;
  return sampleRatioP !== null && sampleRatioP < BROKEN_BELOW
    ? `${told} The split is broken (p ${chanceText(sampleRatioP)}): no result can be trusted.`
    : told;
}

function chanceIn({ pValue, adjustedPValue, adjustedOver, chanceToWin }: MetricAnswer): string {
  if (pValue === null) return `chance to win ${percentText(chanceToWin)}`;
  const adjusted = `, adjusted over ${adjustedOver} metrics ${chanceText(adjustedPValue)}`;
  return `p ${chanceText(pValue)}${adjustedOver > 1 ? adjusted : ''}`;
}

function marginText(finding: MetricFinding): string {
  const asked = answerIn(finding)?.nonInferiority;
  if (!asked) return '';
  const format = formatOf(finding);
  const how =
    asked.pValue === null
      ? `chance ${percentText(asked.chance)}`
      : `p ${chanceText(asked.adjustedPValue)}`;
  return ` Not worse by more than ${valueText(asked.margin, format)}: ${how}, at worst ${signed(asked.bound, format)}.`;
}
