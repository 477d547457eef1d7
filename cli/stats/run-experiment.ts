import { basename, resolve } from 'node:path';
import { ok, type Result } from '../../shared/core/result.ts';
import { experimentReport } from '../../shared/report/kinds/experiment-report.ts';
import type { Adjustment } from '../../shared/stats/experiment/adjustment.ts';
import { findMetrics } from '../../shared/stats/experiment/findings.ts';
import { reporting } from '../command.ts';
import type { CliContext } from '../context.ts';
import { type CliFailure, failed } from '../failure.ts';
import { readText } from '../read-text.ts';
import { metricJson, metricSentence } from './experiment-answer.ts';
import { answerDesign, type DesignAnswer, type DesignAsked } from './experiment-design.ts';
import { type Asked, readAsked } from './experiment-input.ts';
import { type ReportFlags, writeReport } from './write-report.ts';

export type ExperimentFlags = ReportFlags & {
  input: string;
  adjustment: Adjustment;
  json: boolean;
};

/** Answers one question about an experiment, or an array of them, told by sufficient statistics. */
export const runExperiment = reporting<ExperimentFlags, []>(async ({ context, flags }) => {
  const input = await readInput(context, flags.input);
  if (!input.ok) return input;
  const isMany = Array.isArray(input.value);
  const questions: Asked[] = [];
  for (const [i, given] of (isMany ? (input.value as unknown[]) : [input.value]).entries()) {
    const asked = readAsked(given, i + 1);
    if (Array.isArray(asked))
      return failed('rows', `${flags.input}: question ${i + 1} is not understood.`, asked);
    questions.push(asked);
  }
  const answered = answerAll(questions, flags.adjustment);
  if (!answered.ok) return answered;
  const { answers, findings } = answered.value;
  const isReport = [flags.html, flags.markdown, flags.report].some((path) => path !== undefined);
  if (isReport && findings.length === 0)
    return failed('wrong_usage', `A report is of metrics, and ${flags.input} has none.`);
  const written = await writeReport(context, flags, () =>
    experimentReport(findings, {
      title: `Experiment ${basename(flags.input, '.json')}`,
      subject: `${flags.input}: ${findings.length} ${findings.length === 1 ? 'metric' : 'metrics'}, treatment against control`,
      adjustment: flags.adjustment,
    }),
  );
  if (!written.ok) return written;
  const json = answers.map((answer) => answer.json);
  const sentences =
    answers.length > 0
      ? answers.map(({ sentence }) => sentence)
      : [`${flags.input} asks no question.`];
  return ok({ json: isMany ? json : json[0], sentences });
});

/** Each in its place; p of the metrics is adjusted over all of them. */
function answerAll(questions: readonly Asked[], adjustment: Adjustment) {
  const metrics = questions.flatMap((asked) => (asked.kind === 'metric' ? [asked] : []));
  const findings = findMetrics(
    metrics.map(({ question }) => question),
    { adjustment },
  );
  const answers: DesignAnswer[] = [];
  let next = 0;
  for (const asked of questions) {
    if (asked.kind === 'metric') {
      const finding = findings[next++];
      answers.push({ json: metricJson(finding), sentence: metricSentence(finding) });
      continue;
    }
    const design = answerDesign(asked satisfies DesignAsked);
    if (!design.ok) return design;
    answers.push(design.value);
  }
  return ok({ answers, findings });
}

async function readInput(context: CliContext, path: string): Promise<Result<unknown, CliFailure>> {
  const text = await readText(resolve(context.cwd, path), path);
  if (!text.ok) return text;
  try {
    return ok(JSON.parse(text.value));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failed('file', `${path} cannot be read as JSON: ${why}`);
  }
}
