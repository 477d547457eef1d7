import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as v from 'valibot';
import { ok, type Result } from '../../shared/core/result.ts';
import {
  analyseExperiment,
  type ExperimentAnswer,
  type ExperimentError,
  type ExperimentQuestion,
} from '../../shared/stats/experiment/analyse.ts';
import { reporting } from '../command.ts';
import type { CliContext } from '../context.ts';
import { type CliFailure, failed, messageOf } from '../failure.ts';

export type ExperimentFlags = { input: string; json: boolean };

const finite = v.pipe(v.number(), v.finite());
const sums = { sum: finite, sumSquares: finite };
const arm = v.variant('kind', [
  v.object({ kind: v.literal('proportion'), n: v.number(), sum: finite }),
  v.object({
    kind: v.literal('mean'),
    n: v.number(),
    ...sums,
    covariate: v.optional(v.object({ ...sums, sumProducts: finite })),
  }),
  v.object({
    kind: v.literal('ratio'),
    n: v.number(),
    ...sums,
    denominator: v.object(sums),
    sumProducts: finite,
  }),
]);
const scale = v.picklist(['relative', 'absolute']);
const question = v.object({
  control: arm,
  treatment: arm,
  test: v.picklist(['welch', 'sequential', 'bayesian']),
  alternative: v.optional(v.picklist(['two-sided', 'greater', 'less']), 'two-sided'),
  effect: v.optional(scale, 'relative'),
  alpha: v.optional(finite, 0.05),
  tuning: v.optional(v.pipe(finite, v.minValue(1)), 5000),
  prior: v.optional(
    v.nullable(v.object({ mean: finite, variance: v.pipe(finite, v.minValue(0)), kind: scale })),
    null,
  ),
  isInverse: v.optional(v.boolean()),
  /** GrowthBook's search for a one-sided sequential p, or the exact one. */
  compatibility: v.optional(v.picklist(['growthbook', 'none']), 'growthbook'),
});

/** Analyses one experiment, or an array of them, told by sufficient statistics. */
export const runExperiment = reporting<ExperimentFlags, []>(async ({ context, flags }) => {
  const input = await readInput(context, flags.input);
  if (!input.ok) return input;
  const isMany = Array.isArray(input.value);
  const questions = isMany ? (input.value as unknown[]) : [input.value];
  const answers: object[] = [];
  for (const [i, given] of questions.entries()) {
    const parsed = v.safeParse(question, given);
    if (!parsed.success)
      return failed('rows', `${flags.input}: question ${i + 1} is not understood.`, [
        ...parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`),
      ]);
    const { compatibility, ...asked } = parsed.output;
    const isExact = compatibility === 'none';
    answers.push(answerOf({ ...asked, compatibility: isExact ? undefined : 'growthbook' }));
  }
  return ok({
    json: isMany ? answers : answers[0],
    sentences: answers.map((a) => JSON.stringify(a)),
  });
});

async function readInput(context: CliContext, path: string): Promise<Result<unknown, CliFailure>> {
  try {
    return ok(JSON.parse(await readFile(resolve(context.cwd, path), 'utf8')));
  } catch (error) {
    return failed('file', `${path} cannot be read as JSON: ${messageOf(error)}`);
  }
}

/** Infinite bounds are null; what cannot be told is null with the reason. */
function answerOf(asked: ExperimentQuestion): ExperimentAnswerJson {
  const answer = analyseExperiment(asked);
  if (!answer.ok)
    return {
      effect: null,
      interval: [null, null],
      pValue: null,
      chanceToWin: null,
      risk: null,
      insufficient: answer.error,
    };
  const { effect, interval, pValue, chanceToWin, risk } = answer.value;
  const [low, high] = interval.map((bound) => (Number.isFinite(bound) ? bound : null));
  return { effect, interval: [low, high], pValue, chanceToWin, risk };
}

type ExperimentAnswerJson = {
  effect: number | null;
  interval: [number | null, number | null];
  pValue: number | null;
  chanceToWin: number | null;
  risk: ExperimentAnswer['risk'];
  insufficient?: ExperimentError;
};
