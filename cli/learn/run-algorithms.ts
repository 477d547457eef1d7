import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { ok } from '../../shared/core/result.ts';
import type { Algorithm } from '../../shared/learn/algorithm.ts';
import { describeParameter } from '../../shared/learn/settings/read-parameters.ts';
import type { Task } from '../../shared/learn/task.ts';
import { reporting } from '../command.ts';
import { formatTable } from '../describe/table.ts';
import { failed } from '../failure.ts';
import { knownAlgorithms } from './known-algorithms.ts';

export type AlgorithmsFlags = { json: boolean };

/**
 * Scores by algorithm, task and reference file, as `node test/bench/learn/score-algorithms.ts` measured
 * them with the defaults; `metric` says how they are to be read.
 */
const scoresFile = v.object({
  measuredAt: v.string(),
  scores: v.array(
    v.object({
      algorithm: v.string(),
      task: v.string(),
      file: v.string(),
      metric: v.string(),
      value: v.number(),
      seconds: v.number(),
    }),
  ),
});
type Score = v.InferOutput<typeof scoresFile>['scores'][number];

const SCORES = new URL('./algorithm-scores.json', import.meta.url);

/** A table of this size stands for the cost that is listed. */
const COST_ROWS = 10_000;
const COST_COLUMNS = 20;

/** Lists what `fit --algorithm` takes, with what is known of each. */
export const runAlgorithms = reporting<AlgorithmsFlags, []>(async () => {
  const text = await readFile(SCORES, 'utf8').catch(() => null);
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), scoresFile), text);
  if (!parsed.success) return failed('file', `${SCORES.pathname} is not there or not readable.`);
  const known = await knownAlgorithms();
  const listed = known
    .flatMap((algorithm) => algorithm.tasks.map((task) => ({ algorithm, task })))
    .map(({ algorithm, task }) => describe(algorithm, task, parsed.output.scores));
  const rows = listed.map(({ name, task, exports, scores }) => [
    ...[name, task, exports ? 'yes' : 'no'],
    scores.map(({ file, metric, value }) => `${file} ${metric} ${value.toFixed(4)}`).join(', '),
  ]);
  const names = new Set(listed.map(({ name }) => name));
  return ok({
    json: { count: names.size, measuredAt: parsed.output.measuredAt, algorithms: listed },
    sentences: [
      ...formatTable([['name', 'task', 'ONNX', 'score with defaults'], ...rows]),
      `${names.size} algorithms.`,
    ],
  });
});

function describe(algorithm: Algorithm, task: Task, scores: readonly Score[]) {
  const { name, title, defaults, space, cost, isExported, goesOn = false, source } = algorithm;
  const parameters = Object.fromEntries(
    Object.keys(defaults).map((own) => [own, describeParameter(algorithm, own, task)]),
  );
  return {
    ...{ name, title, task, defaults, parameters, space, source, exports: isExported, goesOn },
    cost: { rows: COST_ROWS, columns: COST_COLUMNS, operations: cost(COST_ROWS, COST_COLUMNS) },
    scores: scores
      .filter((score) => score.algorithm === name && score.task === task)
      .map(({ file, metric, value, seconds }) => ({ file, metric, value, seconds })),
  };
}
