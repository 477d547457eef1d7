import type { ModelSummary, ModelView, RolloutView } from '../../shared/contracts/registry.ts';
import { percentOrDash, short } from './numbers.ts';
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
    ['model', 'champion', 'challenger', 'a minute', 'fallback', 'mae', 'alerts'],
    ...models.map(({ model, summary }) => {
      const champion = summary.versions.find(({ version }) => version === model.champion);
      return [
        model.mlEnabled ? model.model : `${model.model} (killed)`,
        model.champion ?? '-',
        model.challenger ?? '-',
        short(summary.predictionsPerMinute),
        percentOrDash(champion?.fallbackRate ?? null),
        short(champion?.mae ?? null),
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
  return formatTable([
    ['version', 'alias', 'predictions', 'fallback', 'error', 'p95 ms', 'outcomes', 'mae', 'r2'],
    ...summary.versions.map((row) => [
      row.version ?? 'none',
      aliasOf(model, row.version),
      String(row.predictions),
      percentOrDash(row.fallbackRate),
      percentOrDash(row.errorRate),
      short(row.latencyMs.p95),
      String(row.outcomes),
      short(row.mae),
      short(row.r2),
    ]),
  ]);
}

function aliasOf(model: ModelView, version: string | null): string {
  if (version === null) return '-';
  if (version === model.champion) return 'champion';
  return version === model.challenger ? 'challenger' : '-';
}

function describeDrift(summary: ModelSummary): string[] {
  if (summary.drift.length === 0) return [];
  const rows = summary.drift.map((result) => [
    result.input,
    result.verdict === 'insufficient_data'
      ? `too little data (${result.n} of ${result.needed})`
      : result.verdict.replace('_', ' '),
    short(result.psi),
    short(result.adjustedPValue),
  ]);
  return [...formatTable([['input', 'drift', 'psi', 'p'], ...rows]), ''];
}

function describeAlerts(summary: ModelSummary): string[] {
  return firing(summary).map(
    ({ severity, rule, summary: text }) => `${severity}: ${rule}: ${text}`,
  );
}

const firing = (summary: ModelSummary) =>
  summary.alerts.filter(({ status }) => status === 'firing');
