import type { Declaration } from '../../shared/contracts/declaration.ts';
import type { ModelMetrics } from '../../shared/contracts/manifest.ts';
import type { Result } from '../../shared/core/result.ts';
import { type EvaluationError, evaluateModel } from '../../shared/train/evaluate-model.ts';
import { figureOf, isBetter } from '../../shared/train/model-metrics.ts';
import type { Scope } from '../services/scope.ts';
import { artifactKey } from '../store/r2-keys.ts';
import { declarationOf, findVersion, manifestOf, type VersionRow } from '../store/versions.ts';
import { resume, type Training } from './training.ts';

/** A model exported elsewhere may be none that the trainer can run, or leave rows unanswered. */
type Evaluation = Result<ModelMetrics, EvaluationError>;
export type Comparison = { champion: Evaluation; challenger: Evaluation };

/** Measures champion and challenger on the same held-out rows with the same runtime. */
export async function compareVersions(
  scope: Scope,
  options: { training: Training; champion: VersionRow; challenger: string },
): Promise<Comparison> {
  const { training, champion, challenger } = options;
  const { dataset } = await resume(training);
  const name = { workspace: scope.workspace, model: champion.model, version: challenger };
  const registered = await findVersion(scope.env.DB, name);
  if (!registered) throw new Error(`Broken invariant: ${challenger} was registered and is gone`);
  return {
    champion: await evaluate(scope, champion, dataset.heldOut),
    challenger: await evaluate(scope, registered, dataset.heldOut),
  };
}

async function evaluate(
  scope: Scope,
  row: VersionRow,
  heldOut: Parameters<typeof evaluateModel>[1],
): Promise<Evaluation> {
  const file = manifestOf(row).files.find(({ role }) => role === 'model')!;
  const object = await scope.env.BUCKET.get(artifactKey(scope.workspace, file.sha256));
  if (!object) throw new Error(`The model file of ${row.version} is gone from R2.`);
  const bytes = new Uint8Array(await object.arrayBuffer());
  return evaluateModel(bytes, heldOut, declarationOf(row).task);
}

const FIGURE_NAMES: Record<Declaration['objective'], string> = {
  mae: 'MAE',
  rmse: 'RMSE',
  log_loss: 'Log loss',
  brier: 'Brier score',
  roc_auc: 'ROC-AUC',
  pr_auc: 'PR-AUC',
};

export type Judgement = { isBetter: boolean; words: string };

/** Is the challenger better on the newest fifth, as its objective goes? Without a comparison it is not. */
export function judge(
  { champion, challenger }: Comparison,
  objective: Declaration['objective'],
): Judgement {
  if (!challenger.ok) return { isBetter: false, words: `It ${describe(challenger.error)}.` };
  const is = figureOf(challenger.value, objective);
  const measured = `${FIGURE_NAMES[objective]} on the newest fifth (${challenger.value.rows} rows): ${is.toFixed(3)}`;
  if (!champion.ok)
    return {
      isBetter: false,
      words: `${measured}; the champion ${describe(champion.error)}.`,
    };
  const was = figureOf(champion.value, objective);
  return {
    isBetter: isBetter(objective, is, was),
    words: `${measured}, champion ${was.toFixed(3)}.`,
  };
}

const describe = ({ reason, detail }: EvaluationError): string =>
  reason === 'unanswered_rows'
    ? `cannot be compared: of the newest fifth ${detail}`
    : `cannot be run here: ${detail}`;
