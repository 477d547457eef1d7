import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { ok, type Result } from '../../shared/core/result.ts';
import { inTimeOrder, splitTable } from '../../shared/table/split-table.ts';
import type { Table } from '../../shared/table/table.ts';
import { type AssembledVersion, assembleVersion } from '../../shared/train/assemble-version.ts';
import { algorithmProblems } from '../../shared/train/candidates.ts';
import { fallbackProblem } from '../../shared/train/evaluate-model.ts';
import { canMeasure } from '../../shared/train/model-metrics.ts';
import { MIN_TRAINING_ROWS, type TrainingProblem } from '../../shared/train/plan-training.ts';
import { trainUseCase } from '../../shared/train/train-use-case.ts';
import type { UseCase } from '../../shared/use-case/define-use-case.ts';
import { type Report, reporting, type Tell } from '../command.ts';
import { type CliFailure, failed } from '../failure.ts';
import { checkOutFolder } from '../out-path.ts';
import { describeMetrics, warnIfNoBetter } from './describe-metrics.ts';
import { loadUseCase } from './load-use-case.ts';
import { readCsvTable } from './read-csv-table.ts';
import { writeVersionFolder } from './write-version-folder.ts';

export type TrainFlags = {
  data: string;
  test?: string;
  version: string;
  out: string;
  seed: number;
  json: boolean;
};

const TEST_SHARE = 0.2;

const FAILURES: Record<TrainingProblem['reason'], CliFailure['reason']> = {
  wrong_algorithm: 'rows',
  wrong_rows: 'rows',
  no_model: 'no_model',
};

/** Trains a version and leaves it in a folder, ready to be signed and published. */
export const runTrain = reporting<TrainFlags, [string]>(async ({ context, flags, tell }, id) => {
  const loaded = await loadUseCase(id, context.cwd);
  if (!loaded.ok) return loaded;
  const useCase = loaded.value;
  const [problem] = algorithmProblems(useCase);
  if (problem !== undefined) return failed('wrong_usage', problem);
  const folder = await checkOutFolder(resolve(context.cwd, flags.out));
  if (!folder.ok) return folder;
  const parts = await readParts(useCase, flags, { cwd: context.cwd, tell });
  if (!parts.ok) return parts;
  const { training, test, datasetSha256 } = parts.value;
  const draft = await trainUseCase({
    useCase,
    table: training,
    test,
    version: flags.version,
    seed: flags.seed,
    nowMs: Date.now,
    datasetSha256,
    source: 'file',
    parentVersion: null,
    runId: null,
    onStep: tell,
  });
  if (!draft.ok) return failed(FAILURES[draft.error.reason], draft.error.detail);
  const version = await assembleVersion(draft.value, async (bytes) =>
    createHash('sha256').update(bytes).digest('hex'),
  );
  const written = await writeVersionFolder(resolve(context.cwd, flags.out), version);
  return written.ok ? ok(reportOf(version, written.value, useCase)) : written;
});

type Parts = { training: Table; test: Table; datasetSha256: string };

async function readParts(
  useCase: UseCase,
  flags: TrainFlags,
  { cwd, tell }: { cwd: string; tell: Tell },
): Promise<Result<Parts, CliFailure>> {
  const data = await readCsvTable(resolve(cwd, flags.data), useCase);
  if (!data.ok) return data;
  const { table, skippedRows, sha256 } = data.value;
  tell(`Read ${table.rows} rows; ${skippedRows} left out for a value they cannot do without.`);
  const held = flags.test ? await readCsvTable(resolve(cwd, flags.test), useCase) : null;
  if (held && !held.ok) return held;
  const isStratified = useCase.task.type === 'binary';
  const { training, test } = held
    ? { training: inTimeOrder(table), test: held.value.table }
    : splitTable(table, { testShare: TEST_SHARE, seed: flags.seed, isStratified });
  if (training.rows < MIN_TRAINING_ROWS || test.rows === 0) {
    return failed(
      'rows',
      `${training.rows} rows to train on and ${test.rows} to measure on are too few: ` +
        `${MIN_TRAINING_ROWS} and 1 are needed.`,
    );
  }
  if (!canMeasure(useCase.task, test.target))
    return failed('rows', `The ${test.rows} rows to measure on are of one class alone.`);
  const unanswered = fallbackProblem(useCase.fallback, test, useCase.task);
  if (unanswered !== null) return failed('rows', unanswered);
  return ok({ training, test, datasetSha256: sha256 });
}

function reportOf(
  { manifest }: AssembledVersion,
  files: Record<string, string>,
  { objective }: UseCase,
): Report {
  const { model, version, task, inputs, lineage, metrics } = manifest;
  const seconds = lineage.durationMs / 1000;
  if (!metrics.test) throw new Error('Broken invariant: a version is trained with test rows');
  return {
    json: {
      ...{ task: task.type, useCase: model, version, algorithm: lineage.algorithm },
      ...{ rows: lineage.rows, features: inputs.length, seconds, metrics, files },
    },
    sentences: [
      `Trained ${model} ${version} by ${lineage.algorithm} in ${seconds.toFixed(1)} s.`,
      describeMetrics(metrics.test, manifest),
      ...warnIfNoBetter(objective, metrics.test, metrics.fallback),
      `Next: edgewise publish ${files['manifest'].replace(/.manifest\.json$/, '')}`,
    ],
  };
}
