import type {
  ModelSummary,
  ModelView,
  RolloutView,
  VersionSummary,
} from '../../shared/contracts/registry.ts';
import { percent, percentOrDash, short } from './numbers.ts';
import { describeRollout } from './rollout.ts';
import { formatTable } from './table.ts';

export type ModelStatus = {
  model: ModelView;
  /** The latest; null before the first. */
  rollout: RolloutView | null;
  summary: ModelSummary;
};

/** One line a model. */
export function describeModels(models: readonly ModelStatus[]): string[] {
  if (models.length === 0) return ['No models yet. First: edgewise train, then edgewise publish.'];
  return formatTable([
    ['model', 'champion', 'challenger', 'a minute', 'fallback', 'outcomes say', 'alerts'],
    ...models.map(({ model, summary }) => {
      const champion = summary.versions.find(({ version }) => version === model.champion);
      return [
        model.mlEnabled ? model.model : `${model.model} (killed)`,
        model.champion ?? '-',
        model.challenger ?? '-',
        short(summary.predictionsPerMinute),
        percentOrDash(champion?.fallbackRate ?? null),
        champion ? describeQuality(champion) : '-',
        String(firing(summary).length),
      ];
    }),
  ]);
}

/** Everything about one model that fits a screen. */
export function describeModel({ model, rollout, summary }: ModelStatus): string[] {
  const { totals } = summary;
  return [
    `${model.title} (${model.model}): ${describeSwitches(model)}`,
    rollout ? describeRollout(rollout) : 'No rollout yet.',
    '',
    ...describeVersions(model, summary),
    '',
    ...describeDrift(summary),
    ...describeActivity(summary),
    ...describeAlerts(summary),
    ...(summary.suggestions ?? []).map(({ sentence }) => sentence),
    totals.events === 0
      ? 'Nothing has come home yet.'
      : `In all: ${totals.predictions} predictions, ${totals.outcomes} outcomes, ${totals.missing} events missing, ${totals.dropped} dropped; folded ${summary.foldedAt}.`,
  ];
}

function describeSwitches(model: ModelView): string {
  if (!model.mlEnabled) return 'killed, everyone is answered by the fallback';
  return `on, ${model.trafficPercentage} % of users may get a model`;
}

function describeVersions(model: ModelView, summary: ModelSummary): string[] {
  if (summary.versions.length === 0) return ['No predictions yet.'];
  const isClassifier = summary.versions.some(({ classifier }) => classifier);
  const figures = isClassifier ? CLASSIFIER_FIGURES : REGRESSION_FIGURES;
  return formatTable([
    ['version', 'alias', 'predictions', 'fallback', 'error', 'p95 ms', 'outcomes', ...figures],
    ...summary.versions.map((row) => [
      row.version ?? 'none',
      aliasOf(model, row.version),
      String(row.predictions),
      percentOrDash(row.fallbackRate),
      percentOrDash(row.errorRate),
      short(row.latencyMs.p95),
      String(row.outcomes),
      ...(isClassifier ? classifierCells(row) : [short(row.mae), short(row.r2)]),
    ]),
  ]);
}

const REGRESSION_FIGURES = ['mae', 'r2'];
const CLASSIFIER_FIGURES = [
  'brier',
  'roc-auc',
  'accuracy',
  'precision',
  'recall',
  'calibration error',
];

const classifierCells = ({ classifier }: VersionSummary): string[] => [
  short(classifier?.brier ?? null),
  short(classifier?.rocAuc ?? null),
  percentOrDash(classifier?.accuracy ?? null),
  percentOrDash(classifier?.precision ?? null),
  percentOrDash(classifier?.recall ?? null),
  percentOrDash(classifier?.calibrationError ?? null),
];

/** What outcomes say of a version in a few words. */
function describeQuality({ mae, classifier }: VersionSummary): string {
  if (!classifier) return mae === null ? '-' : `MAE ${short(mae)}`;
  if (classifier.brier === null) return '-';
  const auc = classifier.rocAuc === null ? '' : `, ROC-AUC ${short(classifier.rocAuc)}`;
  return `Brier ${short(classifier.brier)}${auc}`;
}

function aliasOf(model: ModelView, version: string | null): string {
  if (version === null) return '-';
  if (version === model.champion) return 'champion';
  return version === model.challenger ? 'challenger' : '-';
}

function describeDrift(summary: ModelSummary): string[] {
  if (summary.drift.length === 0) return [];
  const { predictionDrift } = summary;
  const ofAnswers = predictionDrift ? [{ ...predictionDrift, input: '(answers)' }] : [];
  const rows = [...summary.drift, ...ofAnswers].map((result) => [
    result.input,
    result.verdict === 'insufficient_data'
      ? `too little data (${result.n} of ${result.needed})`
      : result.verdict.replace('_', ' '),
    short(result.psi),
    short(result.adjustedPValue),
  ]);
  return [...formatTable([['input', 'drift', 'psi', 'p'], ...rows]), ...describeRate(summary), ''];
}

function describeRate({ outcomeRate }: ModelSummary): string[] {
  if (!outcomeRate) return [];
  const { now, n, reference } = outcomeRate;
  const found = now === null ? 'no outcomes yet' : `${percent(now)} of ${n} outcomes`;
  return [`Positive now: ${found}; of the rows trained on: ${percent(reference)}.`];
}

const SERIES = { predictions: 'predictions', fallback_rate: 'fallback rate', loss: 'loss' };

/** The last whole hour against its hour of the week. */
function describeActivity({ activity }: ModelSummary): string[] {
  if (!activity) return [];
  const parts = activity.series.map(({ name, verdict, value, expected }) => {
    const show = name === 'fallback_rate' ? percentOrDash : short;
    const now = `${SERIES[name]} ${show(value)}`;
    if (verdict === 'insufficient_data') return `${now} (too little history)`;
    return `${now} (${verdict}, expected ${show(expected)})`;
  });
  return [
    `In the hour from ${activity.hour.slice(0, 16).replace('T', ' ')} UTC: ${parts.join(', ')}.`,
  ];
}

function describeAlerts(summary: ModelSummary): string[] {
  return firing(summary).map(
    ({ severity, rule, summary: text }) => `${severity}: ${rule}: ${text}`,
  );
}

const firing = (summary: ModelSummary) =>
  summary.alerts.filter(({ status }) => status === 'firing');
