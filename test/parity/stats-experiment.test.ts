import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  analyseExperiment,
  type ExperimentQuestion,
} from '../../shared/stats/experiment/analyse.ts';
import type { ArmStatistics, Covariate, Sums } from '../../shared/stats/experiment/arm.ts';
import { sampleRatioMismatch } from '../../shared/stats/experiment/sample-ratio.ts';

type Statistic = { kind: string; n: number; sum: number; sum_squares: number };
type GivenArm = Statistic & {
  post?: Statistic;
  pre?: Statistic;
  post_pre_sum_of_products?: number;
  m?: Statistic;
  d?: Statistic;
  m_d_sum_of_products?: number;
};
type Row = {
  name: string;
  a: GivenArm;
  b: GivenArm;
  difference_type: 'relative' | 'absolute';
  alpha: number;
  test: string;
  config?: {
    sequential_tuning_parameter?: number;
    prior_mean?: number;
    prior_variance?: number;
    inverse?: boolean;
  };
  result: {
    expected: number;
    ci: (number | string)[];
    pValue?: number;
    chanceToWin?: number;
    risk?: [number, number];
  };
};

const table: { results: Row[]; srm: { users: number[]; weights: number[]; p: number }[] } =
  JSON.parse(
    readFileSync(
      new URL('../../../shared/conformance/experiment-statistics.json', import.meta.url),
      'utf8',
    ),
  );

const sums = ({ sum, sum_squares }: Statistic): Sums => ({ sum, sumSquares: sum_squares });

function armOf(given: GivenArm): ArmStatistics {
  if (given.post && given.pre) {
    const covariate: Covariate = {
      ...sums(given.pre),
      sumProducts: given.post_pre_sum_of_products!,
    };
    return { kind: 'mean', n: given.n, ...sums(given.post), covariate };
  }
  if (given.m && given.d) {
    const sumProducts = given.m_d_sum_of_products!;
    return { kind: 'ratio', n: given.n, ...sums(given.m), denominator: sums(given.d), sumProducts };
  }
  if (given.kind === 'ProportionStatistic')
    return { kind: 'proportion', n: given.n, sum: given.sum };
  return { kind: 'mean', n: given.n, ...sums(given) };
}

function questionOf(row: Row): ExperimentQuestion {
  const config = row.config ?? {};
  const isBayesian = row.test.includes('bayesian');
  const sequential = row.test.startsWith('Sequential') ? 'sequential' : 'welch';
  return {
    control: armOf(row.a),
    treatment: armOf(row.b),
    test: isBayesian ? 'bayesian' : sequential,
    alternative: row.test.includes('Lesser')
      ? 'less'
      : row.test.includes('Greater')
        ? 'greater'
        : 'two-sided',
    effect: row.difference_type,
    alpha: row.alpha,
    tuning: config.sequential_tuning_parameter ?? 5000,
    prior:
      config.prior_variance === undefined
        ? null
        : { mean: config.prior_mean!, variance: config.prior_variance, kind: 'relative' },
    isInverse: config.inverse,
    compatibility: 'growthbook',
  };
}

const numberOf = (bound: number | string): number =>
  typeof bound === 'number' ? bound : Number(bound.replace('inf', 'Infinity'));

function expectClose(got: number | null, expected: number): void {
  if (!Number.isFinite(expected)) expect(got).toBe(expected);
  else expect(Math.abs(got! - expected)).toBeLessThanOrEqual(1e-6 * Math.abs(expected) + 1e-15);
}

test.each(table.results)(
  "$name, $difference_type, $test at $alpha: GrowthBook's numbers",
  (row) => {
    const answer = analyseExperiment(questionOf(row));
    if (!answer.ok) throw new Error(JSON.stringify(answer.error));
    const { effect, interval, pValue, chanceToWin, risk } = answer.value;
    expectClose(effect, row.result.expected);
    expectClose(interval[0], numberOf(row.result.ci[0]));
    expectClose(interval[1], numberOf(row.result.ci[1]));
    if (row.result.pValue !== undefined) expectClose(pValue, row.result.pValue);
    if (row.result.chanceToWin !== undefined) expectClose(chanceToWin, row.result.chanceToWin);
    if (row.result.risk)
      row.result.risk.forEach((loss, i) => {
        expectClose(risk![i], loss);
      });
  },
);

test.each(table.srm)('users $users against weights $weights', ({ users, weights, p }) => {
  const answer = sampleRatioMismatch(users, weights);
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  expectClose(answer.value.pValue, p);
});
