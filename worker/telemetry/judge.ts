import type { Declaration } from '../../shared/contracts/declaration.ts';
import type {
  DriftResult,
  ModelSummary,
  OutcomeRate,
  Suggestion,
} from '../../shared/contracts/registry.ts';
import { HOUR_MS, MINUTE_MS } from '../../shared/core/time.ts';
import type { Deployment } from '../../shared/decide/activity-conditions.ts';
import type { AlertCondition } from '../../shared/decide/alerts.ts';
import { judgeConceptDrift } from '../../shared/decide/concept-drift.ts';
import { judgeDrift, judgePredictionDrift, outcomeRateOf } from '../../shared/decide/drift.ts';
import { suggestByForecast } from '../../shared/decide/forecast-loss.ts';
import { driftCondition, judgeMonitors } from '../../shared/decide/monitor-conditions.ts';
import { suggest } from '../../shared/decide/suggest.ts';
import { summariseVersion } from '../../shared/decide/summarise-version.ts';
import type { VersionBins } from '../services/version-bins.ts';
import { readCounters } from './ledger.ts';
import { lookAtActivity } from './look-at-activity.ts';
import { lossCondition } from './loss-condition.ts';
import { readWindow, versionKey, versionsSince } from './window-store.ts';

export type Look = {
  model: string;
  /** The version whose drift and monitors are looked at; null when none is served. */
  champion: VersionBins | null;
  bins: ReadonlyMap<string, VersionBins>;
  /** Where the champion's window begins. */
  fromMs: number;
  nowMs: number;
  /** What was last done to what is served. */
  deployment: Deployment | null;
};

export type Verdict = {
  summary: Omit<ModelSummary, 'revision' | 'alerts'>;
  conditions: AlertCondition[];
};

const WINDOW_WITHOUT_CHAMPION_MS = 60 * MINUTE_MS;

export const windowOf = (champion: VersionBins | null): number =>
  champion?.declaration.monitors.drift.windowMs ?? WINDOW_WITHOUT_CHAMPION_MS;

/** What the model's windows say now: cost depends on bins and versions, not on events. */
export function judge(sql: SqlStorage, look: Look): Verdict {
  const { model, champion, nowMs, fromMs } = look;
  const versions = versionsSince(sql, fromMs).map((version) => {
    // Devices without a version are answered by the heuristic of the champion's use case.
    const { declaration } = look.bins.get(versionKey(version)) ?? champion ?? {};
    return summariseVersion(version, windowProfile(sql, look, version), declaration?.task);
  });
  const { conditions, ...ofChampion } = judgeChampion(sql, look);
  const sums = totals(sql);
  return {
    summary: {
      model,
      foldedAt: new Date(nowMs).toISOString(),
      windowMs: toldWindowMs(look),
      predictionsPerMinute: predictionsPerMinute(sql, look),
      versions,
      ...ofChampion,
      driftVersion: champion?.version ?? null,
      totals: sums,
    },
    conditions: [...conditions, lossCondition(sums)],
  };
}

function windowProfile(sql: SqlStorage, look: Look, version: string | null) {
  const bins = look.bins.get(versionKey(version)) ?? null;
  return readWindow(sql, { version: versionKey(version), fromMs: look.fromMs, bins });
}

/** A window that grows with time is told by the hour: by the millisecond every look would be news. */
function toldWindowMs({ champion, fromMs, nowMs }: Look): number {
  const isGrowing = champion?.declaration.monitors.drift.window === 'since-deploy';
  return isGrowing ? Math.ceil((nowMs - fromMs) / HOUR_MS) * HOUR_MS : windowOf(champion);
}

type ChampionVerdict = {
  drift: DriftResult[];
  predictionDrift: DriftResult | null;
  outcomeRate: OutcomeRate | null;
  activity?: ModelSummary['activity'];
  forecast?: ModelSummary['forecast'];
  suggestions: Suggestion[];
  conditions: AlertCondition[];
};

const NO_CHAMPION: ChampionVerdict = {
  ...{ drift: [], predictionDrift: null, outcomeRate: null, suggestions: [], conditions: [] },
};

function judgeChampion(sql: SqlStorage, look: Look): ChampionVerdict {
  const { champion } = look;
  if (!champion) return NO_CHAMPION;
  const { monitors, task } = champion.declaration;
  const words = wordsOf(champion.declaration);
  const profile = windowProfile(sql, look, champion.version);
  const drift = judgeDrift(champion.reference, profile, monitors.drift);
  const moved = drift.flatMap(({ input, verdict }) =>
    verdict === 'drift' ? words.labelOf(input) : [],
  );
  const { minSamples } = monitors.drift;
  const concept = judgeConceptDrift(profile.outcomes.model, champion.knownLoss, {
    minSamples,
    moved,
    unit: words.unit,
  });
  const predictionDrift = judgePredictionDrift(champion.reference, profile, monitors.drift);
  const ofInputs = judgeMonitors(monitors, { profile, drift, ...words });
  // An input may have the name of another kind of drift: its own alert is the one that was there first.
  const taken = new Set(ofInputs.map(({ rule }) => rule));
  const ofModel = [driftCondition(predictionDrift, 'the answers'), concept].filter(
    ({ rule }) => !taken.has(rule),
  );
  const looked = lookAtActivity(sql, { ...look, champion });
  const conditions = [...ofInputs, ...ofModel, ...(looked?.conditions ?? [])];
  const outcomeRate = outcomeRateOf(champion.reference, profile);
  const served = summariseVersion(champion.version, profile, task);
  const known = { tested: champion.knownLoss, outcomes: profile.outcomes, ...words };
  return {
    ...{ drift, predictionDrift, outcomeRate, conditions },
    ...(looked && { activity: looked.view, forecast: looked.forecast }),
    suggestions: [
      ...suggest(served, drift, known),
      ...suggestByForecast(looked?.forecast ?? null, words.unit),
    ],
  };
}

/** What a declaration calls its inputs, and what its target is counted in. */
function wordsOf({ inputs, target }: Declaration) {
  const labels = new Map(inputs.map(({ name, label }) => [name, label]));
  return { unit: target.unit, labelOf: (input: string): string => labels.get(input) ?? input };
}

/** Predictions of the last five minutes (or the window, where that is shorter) per minute. */
function predictionsPerMinute(sql: SqlStorage, look: Look): number {
  const spanMs = Math.min(5 * MINUTE_MS, windowOf(look.champion));
  const fromMs = look.nowMs - spanMs;
  let predictions = 0;
  for (const version of versionsSince(sql, fromMs)) {
    const bins = look.bins.get(versionKey(version)) ?? null;
    const profile = readWindow(sql, { version: versionKey(version), fromMs, bins });
    predictions += profile.predictions.model + profile.predictions.fallback;
  }
  return (predictions * MINUTE_MS) / spanMs;
}

function totals(sql: SqlStorage): ModelSummary['totals'] {
  const { missing } = readCounters(sql, 'ledger');
  const { batches, events, predictions, outcomes, incidents, dropped } = readCounters(
    sql,
    'folded',
  );
  return { batches, events, predictions, outcomes, incidents, missing, dropped };
}
