import type { Declaration } from '../contracts/declaration.ts';
import type { Manifest, Row } from '../contracts/manifest.ts';
import { createRng } from '../core/rng.ts';
import { utf8 } from '../core/utf8.ts';
import { permutationImportance } from '../learn/explain/permutation-importance.ts';
import { regressionMetrics } from '../learn/metrics/regression.ts';
import { exportModel } from '../onnx/export-model.ts';
import { loadModel, type OnnxModel } from '../onnx/runtime/load-model.ts';
import { buildReferenceProfile, type ReferenceColumn } from '../stats/profile/reference-profile.ts';
import type { Column, Table } from '../table/table.ts';
import { baselineOf } from './baseline.ts';
import { evaluateFallback, predictTable } from './evaluate-model.ts';
import { probeRowsOf } from './probe-rows.ts';
import { residualInterval } from './residual-interval.ts';
import type { Candidate, TrainingState } from './training-state.ts';

export type FileRole = Manifest['files'][number]['role'];

/** A version before its files are hashed. */
export type VersionDraft = {
  manifest: Omit<Manifest, 'files'>;
  files: Record<FileRole, Uint8Array<ArrayBuffer>>;
};

export type FinishOptions = {
  state: TrainingState;
  declaration: Declaration;
  /** Null where no heuristic code is at hand. */
  fallback: ((row: Row) => number) | null;
  table: Table;
  /** Rows that no step has seen; null when all were trained on. */
  test: Table | null;
  version: string;
  /** ISO 8601. */
  createdAt: string;
  durationMs: number;
  datasetSha256: string;
  source: Manifest['lineage']['source'];
  parentVersion: string | null;
  runId: string | null;
};

const INTERVAL_LEVEL = 0.9;
const REFERENCE_EDGES = 15;
const IMPORTANCE_ROWS = 2000;

/** Exports the finished model and writes down everything that is known about it. */
export function finishTraining(options: FinishOptions): VersionDraft {
  const { state, declaration, table } = options;
  if (!state.model || !state.choice) throw new Error('Broken invariant: training is not finished');
  const { outOfFold } = state.choice;
  const model = exportModel(state.model, declaration.inputs);
  const runtime = runtimeOf(model);
  const reference = buildReferenceProfile({
    inputs: Object.fromEntries(
      table.columns.map((column) => [column.name, referenceColumn(column)]),
    ),
    prediction: outOfFold,
    target: table.target,
    maxEdges: REFERENCE_EDGES,
  });
  return {
    manifest: manifestOf(options, outOfFold, runtime),
    files: {
      model,
      reference: jsonBytes(reference),
      probe: jsonBytes(probeRowsOf(declaration.inputs, table, runtime)),
      declaration: jsonBytes(declaration),
    },
  };
}

function manifestOf(
  options: FinishOptions,
  outOfFold: Float32Array,
  runtime: OnnxModel,
): VersionDraft['manifest'] {
  const { state, declaration, table, test, fallback } = options;
  const errors = test ?? table;
  return {
    schemaVersion: 1,
    model: declaration.id,
    version: options.version,
    createdAt: options.createdAt,
    task: declaration.task,
    format: 'onnx',
    inputs: declaration.inputs,
    target: targetOf(declaration),
    interval: residualInterval(table.target, outOfFold, INTERVAL_LEVEL),
    baseline: baselineOf(table),
    importance: importanceOf(runtime, errors, state.plan),
    metrics: {
      crossValidation: regressionMetrics(table.target, outOfFold),
      test: test && regressionMetrics(test.target, predictTable(runtime, test)),
      fallback: fallback && evaluateFallback(fallback, errors),
    },
    lineage: lineageOf(options),
  };
}

/** UTF-8 of a value's JSON. */
export const jsonBytes = (value: unknown): Uint8Array<ArrayBuffer> =>
  utf8(JSON.stringify(value)) as Uint8Array<ArrayBuffer>;

function runtimeOf(model: Uint8Array): OnnxModel {
  const loaded = loadModel(model);
  if (loaded.ok) return loaded.value;
  throw new Error(`Broken invariant: the exported model does not load: ${loaded.error.detail}`);
}

const targetOf = ({ target: { name, label, unit } }: Declaration) => ({ name, label, unit });

function importanceOf(
  runtime: OnnxModel,
  table: Table,
  { seed, objective }: TrainingState['plan'],
): Record<string, number> {
  const errorOf = (rows: Table) =>
    regressionMetrics(rows.target, predictTable(runtime, rows))[objective];
  return permutationImportance(table, errorOf, { rng: createRng(seed), maxRows: IMPORTANCE_ROWS });
}

function referenceColumn(column: Column): ReferenceColumn {
  if (column.type === 'number') return { type: 'number', values: column.values };
  const { codes, dictionary, declared } = column;
  return {
    type: 'category',
    values: Array.from(codes, (code) => (code < 0 ? null : dictionary[code])),
    categories: dictionary.slice(0, declared),
  };
}

function lineageOf(options: FinishOptions): Manifest['lineage'] {
  const { plan, choice } = options.state;
  const candidate = plan.candidates[choice!.candidate];
  const { datasetSha256, source, parentVersion, runId, durationMs } = options;
  return {
    algorithm: candidate.algorithm,
    parameters: parametersOf(candidate, choice!.rounds),
    seed: plan.seed,
    datasetSha256,
    rows: plan.rows,
    source,
    parentVersion,
    runId,
    durationMs,
  };
}

function parametersOf(candidate: Candidate, rounds: number): Record<string, number> {
  if (candidate.algorithm === 'ridge') return { alpha: candidate.alpha };
  const { learningRate, maxLeaves, minSamplesLeaf, l2 } = candidate.options;
  return { learningRate, maxLeaves, minSamplesLeaf, l2, rounds };
}
