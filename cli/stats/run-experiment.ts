import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import * as v from 'valibot';
import { ok, type Result } from '../../shared/core/result.ts';
import { experimentReport } from '../../shared/report/kinds/experiment-report.ts';
import { decisionText } from '../../shared/report/kinds/metric-words.ts';
import { chanceText, percentText, valueText } from '../../shared/report/number-text.ts';
import type { ExperimentAnswer, ExperimentError } from '../../shared/stats/experiment/analyse.ts';
import type { ExperimentDecision } from '../../shared/stats/experiment/decision.ts';
import {
  findMetrics,
  type MetricFinding,
  type MetricQuestion,
} from '../../shared/stats/experiment/findings.ts';
import type { Novelty, SegmentFindings } from '../../shared/stats/experiment/parts.ts';
import { reporting } from '../command.ts';
import type { CliContext } from '../context.ts';
import { type CliFailure, failed, messageOf } from '../failure.ts';
import { type ReportFlags, writeReport } from './write-report.ts';

export type ExperimentFlags = ReportFlags & { input: string; json: boolean };

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
const parts = v.optional(
  v.array(v.object({ name: v.string(), control: arm, treatment: arm })),
  () => [],
);
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
  /** What a report calls this metric. */
  name: v.optional(v.string()),
  /** Smallest effect worth having, on the scale of the effect: asks for a decision. */
  minEffect: v.optional(v.pipe(finite, v.minValue(0))),
  /** Shares of control and treatment that were meant: asks whether they got them. */
  weights: v.optional(v.tuple([finite, finite])),
  /** The same metric by day, in order (does the effect wear off?) and by segment (where is it another?). */
  days: parts,
  segments: parts,
  /** GrowthBook's search for a one-sided sequential p, or the exact one. */
  compatibility: v.optional(v.picklist(['growthbook', 'none']), 'growthbook'),
});

/** Analyses one experiment, or an array of them, told by sufficient statistics. */
export const runExperiment = reporting<ExperimentFlags, []>(async ({ context, flags }) => {
  const input = await readInput(context, flags.input);
  if (!input.ok) return input;
  const isMany = Array.isArray(input.value);
  const questions = isMany ? (input.value as unknown[]) : [input.value];
  const asked: MetricQuestion[] = [];
  for (const [i, given] of questions.entries()) {
    const parsed = v.safeParse(question, given);
    if (!parsed.success)
      return failed('rows', `${flags.input}: question ${i + 1} is not understood.`, [
        ...parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`),
      ]);
    const { name = `metric ${i + 1}`, minEffect = null, weights = null } = parsed.output;
    const compatibility = parsed.output.compatibility === 'none' ? undefined : 'growthbook';
    asked.push({ ...parsed.output, compatibility, name, minEffect, weights });
  }
  const findings = findMetrics(asked);
  const written = await writeReport(context, flags, () =>
    experimentReport(findings, {
      title: `Experiment ${basename(flags.input, '.json')}`,
      subject: `${flags.input}: ${asked.length} ${asked.length === 1 ? 'metric' : 'metrics'}, treatment against control`,
    }),
  );
  if (!written.ok) return written;
  const answers = findings.map(answerOf);
  return ok({ json: isMany ? answers : answers[0], sentences: findings.map(sentenceOf) });
});

async function readInput(context: CliContext, path: string): Promise<Result<unknown, CliFailure>> {
  try {
    return ok(JSON.parse(await readFile(resolve(context.cwd, path), 'utf8')));
  } catch (error) {
    return failed('file', `${path} cannot be read as JSON: ${messageOf(error)}`);
  }
}

/** Infinite bounds are null; what cannot be told is null with the reason; a decision only where one was asked for. */
function answerOf({ answer, sampleRatioP }: MetricFinding): ExperimentAnswerJson {
  const split = sampleRatioP === null ? {} : { sampleRatioP };
  if (!answer.ok)
    return {
      effect: null,
      interval: [null, null],
      pValue: null,
      chanceToWin: null,
      risk: null,
      ...split,
      insufficient: answer.error,
    };
  const { effect, interval, pValue, chanceToWin, risk, decision, novelty, segments } = answer.value;
  const [low, high] = interval.map((bound) => (Number.isFinite(bound) ? bound : null));
  const told = { effect, interval: [low, high] as [number | null, number | null] };
  const decided = decision === null ? {} : { decision };
  const byDay = novelty === null ? {} : { novelty };
  const bySegment = segments === null ? {} : { segments };
  return { ...told, pValue, chanceToWin, risk, ...split, ...decided, ...byDay, ...bySegment };
}

function sentenceOf({ question: { name, effect: scale }, answer }: MetricFinding): string {
  if (!answer.ok) return `${name}: cannot be told (${answer.error.reason.replaceAll('_', ' ')}).`;
  const { effect, interval, pValue, chanceToWin } = answer.value;
  const decision = decisionText(answer.value);
  const show = (value: number): string =>
    valueText(value, scale === 'relative' ? 'percent' : 'number');
  const how =
    pValue === null ? `chance to win ${percentText(chanceToWin)}` : `p ${chanceText(pValue)}`;
  const told = `${name}: effect ${show(effect)}, ${show(interval[0])} to ${show(interval[1])}, ${how}.`;
  return decision ? `${told} ${decision}` : told;
}

type ExperimentAnswerJson = {
  effect: number | null;
  interval: [number | null, number | null];
  pValue: number | null;
  chanceToWin: number | null;
  risk: ExperimentAnswer['risk'];
  sampleRatioP?: number;
  decision?: ExperimentDecision;
  novelty?: Novelty;
  segments?: SegmentFindings;
  insufficient?: ExperimentError;
};
