import { ok, type Result } from '../../shared/core/result.ts';
import { createRng } from '../../shared/core/rng.ts';
import { whyNot } from '../../shared/report/kinds/metric-words.ts';
import { chanceText, percentText, rangeText, valueText } from '../../shared/report/number-text.ts';
import { judgeInterleaving } from '../../shared/stats/experiment/interleaving.ts';
import { daysNeeded, type PlanError, planExperiment } from '../../shared/stats/experiment/plan.ts';
import { thompsonWeights } from '../../shared/stats/experiment/thompson.ts';
import { type CliFailure, failed } from '../failure.ts';
import type { Asked } from './experiment-input.ts';

/** What is asked of an experiment but the effect on a metric. */
export type DesignAsked = Exclude<Asked, { kind: 'metric' }>;

export type DesignAnswer = { json: unknown; sentence: string };

/** The same arms give the same weights. */
const SEED = 42;

export function answerDesign(asked: DesignAsked): Result<DesignAnswer, CliFailure> {
  if (asked.kind === 'plan') return answerPlan(asked);
  return ok(asked.kind === 'thompson' ? answerBandit(asked) : answerInterleaving(asked));
}

function answerPlan({
  plan,
  unitsPerDay,
}: Extract<Asked, { kind: 'plan' }>): Result<DesignAnswer, CliFailure> {
  const planned = planExperiment(plan);
  if (!planned.ok) return failed('rows', whyNoPlan(planned.error, plan.baseline));
  const { units, control, treatment, given } = planned.value;
  const days = units === null || unitsPerDay === null ? null : daysNeeded(units, unitsPerDay);
  const format = plan.effect === 'relative' ? 'percent' : 'number';
  const aim =
    plan.margin === undefined
      ? `to show an effect of ${valueText(plan.minEffect ?? null, format)}`
      : `to show that it is not worse by more than ${valueText(plan.margin, format)}`;
  const needed =
    units === null
      ? `No number of units is enough ${aim}.`
      : `${units} units (${control} control, ${treatment} treatment) are needed ${aim} with chance ${percentText(plan.power)}${days === null ? '' : `: ${days} ${days === 1 ? 'day' : 'days'}`}.`;
  const found =
    given === null
      ? []
      : [
          `${given.units} units show ${valueText(given.detectable, format)} with chance ${percentText(plan.power)}${given.power === null ? '' : `; they are enough ${aim} with chance ${percentText(given.power)}`}.`,
        ];
  const hasAim = plan.minEffect !== undefined || plan.margin !== undefined;
  return ok({
    json: { units, control, treatment, days, ...(given === null ? {} : { given }) },
    sentence: [...(hasAim ? [needed] : []), ...found].join(' '),
  });
}

function whyNoPlan(error: PlanError, baseline: number): string {
  switch (error.reason) {
    case 'baseline_is_zero':
      return 'An effect relative to a baseline of 0 has no value: ask for an absolute one.';
    case 'shows_no_gain':
      return `The alternative "${error.alternative}" can only show harm here, never the gain of minEffect: ask for the other one, or "two-sided".`;
    case 'bad_alpha':
    case 'too_few_units':
      return whyNot(error);
    case 'no_spread':
      return `At a baseline of ${baseline} no unit differs from another: there is no chance to plan for. Give the deviation of values that are no rates.`;
    case 'no_rate':
      return `A rate is from 0 to 1, but the baseline is ${error.baseline} and the treatment would be ${error.treatment}: give the deviation of values that are no rates.`;
  }
}

function answerBandit({ arms, minUnits }: Extract<Asked, { kind: 'thompson' }>): DesignAnswer {
  const weights = thompsonWeights(arms, { rng: createRng(SEED), minUnits });
  const isExploring = arms.some(({ n }) => n < minUnits);
  const told = arms.map(({ name }, i) => `${name} ${percentText(weights[i])}`).join(', ');
  const why = isExploring ? ` An arm has fewer than ${minUnits} units: explore first.` : '';
  return {
    json: { weights, exploring: isExploring },
    sentence: `Send the next units to ${told}.${why}`,
  };
}

function answerInterleaving({
  name,
  wins,
  alpha,
}: Extract<Asked, { kind: 'interleaving' }>): DesignAnswer {
  const judged = judgeInterleaving(wins, alpha);
  if (!judged)
    return {
      json: { shareOfA: null, interval: [null, null], pValue: null, winner: null },
      sentence: `${name}: no session was won by either ranking.`,
    };
  const { shareOfA, interval, pValue } = judged;
  const winner = pValue > alpha ? null : shareOfA > 0.5 ? 'a' : 'b';
  const verdict = winner === null ? 'neither is better beyond chance' : `${winner} is better`;
  const range = rangeText(interval[0], interval[1], 'percent');
  return {
    json: { ...judged, winner },
    sentence: `${name}: a wins ${percentText(shareOfA)} of ${wins.a + wins.b} decided sessions, ${percentText(1 - alpha)} interval ${range}, p ${chanceText(pValue)}: ${verdict}.`,
  };
}
