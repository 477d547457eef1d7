import type { Manifest } from '../contracts/manifest.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Parameters } from '../learn/search/space.ts';
import { answersOf } from '../onnx/runtime/answers.ts';
import { loadModel, type OnnxModel } from '../onnx/runtime/load-model.ts';
import { type DraftOptions, draftVersion, type VersionDraft } from './draft-version.ts';
import { describeUnanswered, fallbackProblem, predictTable } from './evaluate-model.ts';
import { rowsOfFit } from './fit-candidate.ts';
import { unansweredRows } from './model-metrics.ts';
import type { TrainingProblem } from './plan-training.ts';
import type { TrainingState } from './training-state.ts';

export type FinishOptions = Omit<DraftOptions, 'model' | 'outOfFold' | 'lineage'> & {
  state: TrainingState;
  durationMs: number;
  datasetSha256: string;
  source: Manifest['lineage']['source'];
  parentVersion: string | null;
  runId: string | null;
};

/** The version that a finished training has made; fails where no candidate became a model. */
export async function finishTraining(
  options: FinishOptions,
): Promise<Result<VersionDraft, TrainingProblem>> {
  const { state, table } = options;
  const { model, best, problem } = state;
  if (problem !== null) return fail({ reason: 'no_model', detail: problem });
  if (!model || !best) throw new Error('Broken invariant: training is not finished');
  const loaded = loadModel(model);
  if (!loaded.ok)
    return fail({
      reason: 'no_model',
      detail: `Our own runtime, which measures it, cannot run the model: ${loaded.error.detail}.`,
    });
  const { value: runtime } = loaded;
  const unanswered = unansweredProblem(options, runtime);
  if (unanswered !== null) return fail({ reason: 'no_model', detail: unanswered });
  return ok(
    await draftVersion({
      ...options,
      model: { bytes: model, format: 'onnx', predict: (rows) => predictTable(runtime, rows) },
      outOfFold: answersOf(best.outOfFold, table.rows),
      lineage: lineageOf(options, best.candidate),
    }),
  );
}

/** What leaves rows that are measured on without an answer, and so without figures. */
function unansweredProblem(
  { test, table, declaration: { task }, fallback }: FinishOptions,
  runtime: OnnxModel,
): string | null {
  if (test !== null) {
    const answers = answersOf(predictTable(runtime, test), test.rows);
    const counts = { unanswered: unansweredRows(task, answers), rows: test.rows };
    if (counts.unanswered > 0)
      return `Of the rows it is measured on ${describeUnanswered(task, counts)}.`;
  }
  return fallback && fallbackProblem(fallback, test ?? table, task);
}

function lineageOf(options: FinishOptions, candidate: number): Manifest['lineage'] {
  const { seed, rows, candidates } = options.state.plan;
  const { datasetSha256, source, parentVersion, runId, durationMs } = options;
  const { algorithm, parameters } = candidates[candidate];
  const fittedRows = rowsOfFit(options.state.plan, candidate, options.table);
  const bounded: Parameters = fittedRows < rows ? { fittedRows } : {};
  return {
    ...{ algorithm, parameters: { ...parameters, ...bounded }, seed },
    ...{ datasetSha256, rows, source, parentVersion, runId, durationMs },
  };
}
