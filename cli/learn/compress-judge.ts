import { ok, type Result } from '../../shared/core/result.ts';
import {
  defaultObjective,
  type Objective,
  objectiveLoss,
} from '../../shared/learn/automl/objective.ts';
import { loadModel } from '../../shared/onnx/runtime/load-model.ts';
import type { Table } from '../../shared/table/table.ts';
import { type CliFailure, failed } from '../failure.ts';
import type { Judge } from './compress-candidates.ts';
import type { FitManifest } from './fit-folder.ts';
import { feedsOf } from './open-graph.ts';

/** What is told of a loss, and by which name. */
export type Figure = { metric: string; scoreOf(loss: number): number };

/** Rounding of a loss that is nothing to begin with. */
const NO_LOSS = 1e-9;
/** What margins of classes, probabilities and scores span, in order of magnitude. */
const SCORE_SPAN = 2;

/**
 * Judges by the target where there is one: its loss may grow by `mostLoss` of itself. Without one, by
 * how far answers are from those before: shares of rows in other clusters, or of the scores' spread.
 */
export function judgeOf(
  onnx: Uint8Array,
  { manifest, table, mostLoss }: { manifest: FitManifest; table: Table; mostLoss: number },
): Result<{ judge: Judge; figure: Figure }, CliFailure> {
  const loaded = loadModel(onnx);
  if (!loaded.ok)
    return failed('version_files', `Our own runtime cannot run the model: ${loaded.error.detail}.`);
  const feeds = feedsOf(table);
  const before = loaded.value.run(feeds);
  const { task } = manifest;
  if (task === 'clustering' || task === 'anomaly') {
    const lossOf = task === 'clustering' ? shareMoved(before) : distanceFrom(before);
    const metric = task === 'clustering' ? 'rows in other clusters' : 'change of scores';
    const isGood = (loss: number) => loss <= mostLoss + NO_LOSS;
    const judge = { feeds, lossOf, isGood, span: spreadOf(before) };
    return ok({ judge, figure: { metric, scoreOf: (loss) => loss } });
  }
  const objective = defaultObjective(task);
  const lossOf = (predictions: Float32Array) => objectiveLoss(objective, table.target, predictions);
  const most = lossOf(before) * (1 + mostLoss) + NO_LOSS;
  const span = task === 'regression' ? spreadOf(before) : SCORE_SPAN;
  const judge = { feeds, lossOf, isGood: (loss: number) => loss <= most, span };
  return ok({ judge, figure: { metric: objective, scoreOf: scoreOf(objective) } });
}

const scoreOf =
  (objective: Objective) =>
  (loss: number): number =>
    objective === 'roc_auc' || objective === 'pr_auc' ? 1 - loss : loss;

const shareMoved =
  (before: Float32Array) =>
  (after: Float32Array): number =>
    after.filter((cluster, row) => cluster !== before[row]).length / after.length;

function distanceFrom(before: Float32Array) {
  const spread = spreadOf(before);
  return (after: Float32Array): number =>
    after.reduce((sum, score, row) => sum + Math.abs(score - before[row]), 0) /
    (after.length * spread);
}

/** Difference of the 95 % and the 5 % quantile; 1 where there is none. */
function spreadOf(values: Float32Array): number {
  const sorted = values.slice().sort();
  const at = (level: number) => sorted[Math.round(level * (sorted.length - 1))];
  return at(0.95) - at(0.05) || 1;
}
