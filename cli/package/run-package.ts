import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Objective } from '../../shared/contracts/declaration.ts';
import { ok } from '../../shared/core/result.ts';
import { type AssembledVersion, assembleVersion } from '../../shared/train/assemble-version.ts';
import { draftVersion } from '../../shared/train/draft-version.ts';
import { fallbackProblem } from '../../shared/train/evaluate-model.ts';
import { canMeasure } from '../../shared/train/model-metrics.ts';
import { declarationOf } from '../../shared/use-case/define-use-case.ts';
import { type Report, reporting } from '../command.ts';
import { failed } from '../failure.ts';
import { checkOutFolder } from '../out-path.ts';
import { describeMetrics, warnIfNoBetter } from '../train/describe-metrics.ts';
import { loadUseCase } from '../train/load-use-case.ts';
import { readCsvTable } from '../train/read-csv-table.ts';
import { writeVersionFolder } from '../train/write-version-folder.ts';
import { adoptForeign, type Foreign, type Given } from './adopt-foreign.ts';
import { adoptTfjs } from './adopt-tfjs.ts';
import { type ModelFile, readModelFile } from './read-model-file.ts';

export type PackageFlags = {
  useCase: string;
  data: string;
  columns?: string;
  version: string;
  out: string;
  seed: number;
  json: boolean;
};

/** Makes a version of a model that was exported elsewhere, ONNX or tfjs: the folder that `train` would have left. */
export const runPackage = reporting<PackageFlags, [string]>(
  async ({ context, flags, tell }, file) => {
    const startedMs = Date.now();
    const loaded = await loadUseCase(flags.useCase, context.cwd);
    if (!loaded.ok) return loaded;
    const useCase = loaded.value;
    const folder = await checkOutFolder(resolve(context.cwd, flags.out));
    if (!folder.ok) return folder;
    const model = await readModelFile(resolve(context.cwd, file));
    if (!model.ok) return model;
    if (model.value.format === 'tfjs' && flags.columns !== undefined)
      return failed('wrong_usage', 'A tfjs model takes the declared inputs: leave out --columns.');
    const data = await readCsvTable(resolve(context.cwd, flags.data), useCase);
    if (!data.ok) return data;
    const { table, skippedRows, sha256 } = data.value;
    tell(`Read ${table.rows} rows; ${skippedRows} left out for a value they cannot do without.`);
    if (!canMeasure(useCase.task, table.target))
      return failed('rows', `${flags.data} has not enough outcomes to measure the model by.`);
    const unanswered = fallbackProblem(useCase.fallback, table, useCase.task);
    if (unanswered !== null) return failed('rows', unanswered);
    const columns = flags.columns?.split(',').map((name) => name.trim()) ?? null;
    const foreign = await adopt(model.value, { useCase, columns, table });
    if (!foreign.ok) return foreign;
    const draft = await draftVersion({
      ...{ model: foreign.value.model, declaration: declarationOf(useCase) },
      ...{ fallback: useCase.fallback, table, outOfFold: null, test: null },
      ...{ version: flags.version, createdAt: new Date().toISOString() },
      lineage: {
        ...{ algorithm: foreign.value.producer || 'ONNX', parameters: {}, seed: flags.seed },
        ...{ datasetSha256: sha256, rows: table.rows, source: 'file', parentVersion: null },
        ...{ runId: null, durationMs: Date.now() - startedMs },
      },
    });
    const version = await assembleVersion(draft, async (content) =>
      createHash('sha256').update(content).digest('hex'),
    );
    const written = await writeVersionFolder(resolve(context.cwd, flags.out), version);
    if (!written.ok) return written;
    return ok(
      reportOf(version, {
        ...{ files: written.value, foreign: foreign.value, flags, objective: useCase.objective },
      }),
    );
  },
);

const adopt = ({ format, bytes }: ModelFile, asked: Omit<Given, 'bytes'>) =>
  format === 'tfjs' ? adoptTfjs(bytes, asked) : adoptForeign({ bytes, ...asked });

const RUNS: Record<Foreign['runtime'], string> = {
  own: 'Browsers run it without WebAssembly.',
  onnxruntime: 'Browsers run it by onnxruntime, which they download once.',
  tfjs: 'Browsers run it by tfjs, which they download once.',
};

type Made = {
  files: Record<string, string>;
  foreign: Foreign;
  flags: PackageFlags;
  objective: Objective;
};

function reportOf(
  { manifest }: AssembledVersion,
  { files, foreign, flags, objective }: Made,
): Report {
  const { model, version, task, lineage, metrics } = manifest;
  const { runtime, isTurned } = foreign;
  return {
    json: {
      ...{ task: task.type, useCase: model, version, producer: lineage.algorithm, runtime },
      ...{ metrics, files },
    },
    sentences: [
      `Made ${model} ${version} of a file by ${lineage.algorithm}. ${RUNS[runtime]}`,
      ...(isTurned ? ['Its probabilities came the other way round and were turned.'] : []),
      describeMetrics(metrics.crossValidation, manifest, `of ${flags.data}`),
      ...warnIfNoBetter(objective, metrics.crossValidation, metrics.fallback),
      'Rows that it has learnt from would flatter it, and make its intervals too narrow.',
      `Next: edgewise publish ${flags.out}`,
    ],
  };
}
