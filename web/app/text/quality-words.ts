import type { Task } from '../../../shared/contracts/declaration.ts';
import type { ModelMetrics } from '../../../shared/contracts/manifest.ts';
import type { OutcomeRate, VersionSummary } from '../../../shared/contracts/registry.ts';
import { quantity } from '../../../shared/core/quantity.ts';
import { count, counted, figure, rate } from './format.ts';

/** A figure and what it rests on. */
export type Quality = { main: string; below: string };
/** The same with a name of its own. */
export type QualityCard = Quality & { name: string };

/** What the quality of versions is measured by, for the head of their table. */
export const qualityNote = (task: Task['type']): string =>
  task === 'binary'
    ? 'Brier score, the mean square of what probabilities miss by, as measured in training and by what outcomes say of it since: 0 is certain and right, a coin toss 0.25.'
    : 'Mean absolute error as measured in training, beside what outcomes say of it since.';

export const qualityName = (task: Task['type']): string =>
  task === 'binary' ? 'Brier score' : 'Error';

/** What was measured in training. */
export function trainedQuality(
  metrics: { crossValidation: ModelMetrics; test: ModelMetrics | null },
  unit: string,
): Quality {
  const measured = metrics.test ?? metrics.crossValidation;
  const rows = metrics.test ? 'test rows' : 'cross-validated';
  return 'brier' in measured
    ? { main: figure(measured.brier), below: `ROC-AUC ${figure(measured.roc_auc)}, ${rows}` }
    : { main: quantity(measured.mae, unit), below: `R² ${figure(measured.r2)}, ${rows}` };
}

/** What outcomes say of a version since. */
export function liveQuality(live: VersionSummary | undefined, unit: string): Quality {
  const loss = live?.classifier ? live.classifier.brier : (live?.mae ?? null);
  return {
    main: loss === null ? '–' : quantity(loss, live?.classifier ? '' : unit),
    below: live && live.outcomes > 0 ? counted(live.outcomes, 'outcome') : 'no outcomes',
  };
}

/** Of the built-in estimate: where it answered, or else as measured in training. */
export function fallbackQuality(
  live: VersionSummary | undefined,
  trained: ModelMetrics | null,
  unit: string,
): Quality {
  const inUse = live?.classifier ? live.classifier.fallbackBrier : (live?.fallbackMae ?? null);
  const isBinary = live?.classifier !== undefined || (trained !== null && 'brier' in trained);
  const before = trained && ('brier' in trained ? trained.brier : trained.mae);
  const loss = inUse ?? before;
  return {
    main: loss === null ? '–' : quantity(loss, isBinary ? '' : unit),
    below: inUse === null ? 'in training' : 'in use',
  };
}

/** What outcomes say of the champion, figure by figure. */
export function qualityCards(
  champion: VersionSummary | undefined,
  task: Task,
  unit: string,
): QualityCard[] {
  const { main } = liveQuality(champion, unit);
  const outcomes = champion?.outcomes ?? 0;
  const below = (extra: string): string =>
    outcomes === 0 ? 'no outcomes yet' : `mean of ${count(outcomes)}, ${extra}`;
  if (task.type === 'regression') {
    const r2 = `R² ${figure(champion?.r2 ?? null)}`;
    return [{ name: 'Error against outcomes', main, below: below(r2) }];
  }
  const found = champion?.classifier;
  const auc = `ROC-AUC ${figure(found?.rocAuc ?? null)}`;
  const decided = `precision ${rate(found?.precision ?? null)}, recall ${rate(found?.recall ?? null)}`;
  return [
    { name: 'Brier score', main, below: below(auc) },
    {
      name: 'Calibration error',
      main: rate(found?.calibrationError ?? null),
      below: 'between what is told and what happens',
    },
    {
      name: 'Accuracy',
      main: rate(found?.accuracy ?? null),
      below: `${decided}, from ${rate(task.threshold)} on`,
    },
  ];
}

/** How often what a classifier predicts happens, beside how often it did in training. */
export function outcomeRateWords({ now, n, reference }: OutcomeRate, positive: string): string {
  const before = `in ${rate(reference)} of the rows that the model was trained on`;
  return now === null
    ? `“${positive}” happened ${before}; no outcomes say yet how often it does now.`
    : `“${positive}” happened in ${rate(now)} of ${counted(n, 'outcome')}, ${before}.`;
}
