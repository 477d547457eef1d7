import type {
  AlertView,
  LiveMessage,
  ModelSummary,
  RolloutView,
} from '../../shared/contracts/registry.ts';
import type { Deployment } from '../../shared/decide/activity-conditions.ts';
import { updateAlerts } from '../../shared/decide/alerts.ts';
import { coarsening } from '../../shared/decide/coarsening.ts';
import type { FiringSince } from '../../shared/decide/hold-conditions.ts';
import {
  holdConditions,
  holdingOf,
  silenceConditions,
} from '../../shared/decide/hold-conditions.ts';
import { suggestRollout } from '../../shared/decide/suggest-rollout.ts';
import { monitorFrom } from '../../shared/decide/window.ts';
import type { Platform } from '../env.ts';
import { tellHub } from '../services/live.ts';
import { moveRollout } from '../services/move-rollout.ts';
import { newId } from '../services/new-id.ts';
import type { Scope } from '../services/scope.ts';
import type { VersionBins } from '../services/version-bins.ts';
import { loadVersionBins } from '../services/version-bins.ts';
import { latestConfiguration } from '../store/flag-configurations.ts';
import type { RolloutRow } from '../store/rollouts.ts';
import { findDeployment, findLatestRollout, rolloutView } from '../store/rollouts.ts';
import { listSilences } from '../store/silences.ts';
import { upsertAlert, upsertSummary } from '../store/summaries.ts';
import { firingAlerts, keepAlerts, markPublished, unpublishedAlerts } from './alert-store.ts';
import { coarsenWindows } from './coarse-windows.ts';
import { fold, isWork, readWork, versionsIn } from './fold.ts';
import type { Verdict } from './judge.ts';
import { judge, windowOf } from './judge.ts';
import { lookAtRollout, rolloutCondition } from './look.ts';
import { readMeta, writeMeta } from './schema.ts';
import { forgetEvidence, versionsSince } from './window-store.ts';

export type Cycle = {
  storage: DurableObjectStorage;
  env: Platform;
  name: { workspace: string; model: string };
};

/**
 * Folds what was appended, judges what the windows say, moves the rollout, publishes what differs
 * from what was published: windows empty by themselves when traffic stops. Each part may be done again after a crash: folded work is marked in the transaction that folds it, and D1
 * takes a summary only if its revision is newer.
 */
export async function runCycle(cycle: Cycle): Promise<void> {
  const scope: Scope = {
    env: cycle.env,
    workspace: cycle.name.workspace,
    actor: 'fold',
    nowMs: Date.now(),
  };
  const { model } = cycle.name;
  const latest = await findLatestRollout(cycle.env.DB, scope.workspace, model);
  await foldAll(cycle, scope, running(latest));
  const verdict = await judgeAll(cycle, scope, latest);
  await publish(cycle, scope, verdict);
}

const running = (latest: RolloutRow | null): RolloutRow | null =>
  latest?.status === 'running' ? latest : null;

async function foldAll(cycle: Cycle, scope: Scope, rollout: RolloutRow | null): Promise<void> {
  const { sql } = cycle.storage;
  for (;;) {
    const work = readWork(sql);
    if (!isWork(work)) return;
    const bins = await loadAll(cycle, scope, versionsIn(work));
    cycle.storage.transactionSync(() => {
      fold(sql, work, { bins, rollout });
      raiseRevision(sql);
    });
  }
}

/** Every version in the list, by version. Folded traffic names only published ones. */
async function loadAll(
  { env, name }: Cycle,
  { nowMs }: Scope,
  versions: Iterable<string>,
): Promise<Map<string, VersionBins>> {
  const bins = new Map<string, VersionBins>();
  for (const version of versions) {
    const loaded = await loadVersionBins(env, { ...name, version }, nowMs);
    if (loaded) bins.set(version, loaded);
  }
  return bins;
}

type Published = { summary: ModelSummary; says: string; alerts: AlertView[] };

async function judgeAll(cycle: Cycle, scope: Scope, latest: RolloutRow | null): Promise<Published> {
  const rollout = running(latest);
  const { sql } = cycle.storage;
  const { workspace, nowMs } = scope;
  const { model } = cycle.name;
  const [{ models }, silences] = await Promise.all([
    latestConfiguration(cycle.env.DB, workspace),
    listSilences(cycle.env.DB, workspace, { model, nowMs }),
  ]);
  const served = models[model];
  const champion = served?.champion
    ? await loadVersionBins(cycle.env, { workspace, model, version: served.champion }, nowMs)
    : null;
  const fromMs = await windowFrom(cycle, champion, nowMs);
  const bins = await loadAll(cycle, scope, versionsLooked(sql, { champion, rollout, fromMs }));
  const deployment = latest && lastDeployment(latest);
  const verdict = judge(sql, { model, champion, bins, fromMs, nowMs, deployment });
  const moved = rollout && lookAtRollout(sql, rollout, { bins, nowMs });
  const carriedOut = rollout && moved && (await moveRollout(scope, { rollout, ...moved }));
  const now = carriedOut?.ok ? carriedOut.value : latest && rolloutView(latest);
  const holding = holdingOf(champion?.declaration.monitors.alerting);
  const held = holdConditions(verdict.conditions, { since: readSince(sql), holding, nowMs });
  const until = silences.map(({ rule, until }) => ({ rule, untilMs: Date.parse(until) }));
  const conditions = [...held.conditions, rolloutCondition(now)];
  const update = updateAlerts({
    model,
    open: firingAlerts(sql),
    conditions: silenceConditions(conditions, until, nowMs),
    rules: new Set(conditions.map(({ rule }) => rule)),
    nowMs,
    createId: () => newId(nowMs),
    recoverAfterMs: (rule) => holding(rule).recoverAfterMs,
  });
  const suggestions = [
    ...(verdict.summary.suggestions ?? []),
    ...suggestRollout(now, { nowMs, unit: unitOf(now, bins) }),
  ];
  const said = { ...verdict.summary, suggestions };
  const says = whatItSays(said, update.alerts);
  cycle.storage.transactionSync(() => {
    keepAlerts(sql, update);
    keepSince(sql, held.since);
    forgetEvidence(sql, rollout?.id ?? null);
    coarsenWindows(sql, coarsening(nowMs, windowOf(champion)));
    const isNews = unpublishedAlerts(sql).length > 0 || says !== readMeta(sql, 'published_says');
    if (isNews && revisionOf(sql) <= publishedRevision(sql)) raiseRevision(sql);
  });
  const summary = { ...said, revision: revisionOf(sql), alerts: update.alerts };
  return { summary, says, alerts: unpublishedAlerts(sql) };
}

function lastDeployment(row: RolloutRow): Deployment {
  const { status, challenger, ended_at: endedAt, step_started_at: stepAt } = row;
  const did = status === 'running' ? 'began a step' : `was ${status.replace('_', ' ')}`;
  return { atMs: Date.parse(endedAt ?? stepAt), words: `${challenger} ${did}` };
}

const unitOf = (rollout: RolloutView | null, bins: ReadonlyMap<string, VersionBins>): string =>
  (rollout && bins.get(rollout.challenger)?.declaration.target.unit) ?? '';

/** Where the window of the champion's monitors begins. */
async function windowFrom(
  { env, name }: Cycle,
  champion: VersionBins | null,
  nowMs: number,
): Promise<number> {
  if (!champion) return nowMs - windowOf(champion);
  const { model, workspace } = name;
  const { drift } = champion.declaration.monitors;
  const deployedAtMs =
    drift.window === 'since-deploy'
      ? await findDeployment(env.DB, workspace, { model, ...champion })
      : null;
  return monitorFrom(drift, { nowMs, deployedAtMs });
}

function keepSince(sql: SqlStorage, since: FiringSince): void {
  const text = JSON.stringify(since);
  if (text !== (readMeta(sql, 'firing_since') ?? '{}')) writeMeta(sql, 'firing_since', text);
}

const readSince = (sql: SqlStorage): FiringSince =>
  JSON.parse(readMeta(sql, 'firing_since') ?? '{}') as FiringSince;

function versionsLooked(
  sql: SqlStorage,
  look: { champion: VersionBins | null; rollout: RolloutRow | null; fromMs: number },
): Set<string> {
  const { champion, rollout, fromMs } = look;
  const versions = new Set(versionsSince(sql, fromMs));
  if (champion) versions.add(champion.version);
  if (rollout?.champion) versions.add(rollout.champion);
  if (rollout) versions.add(rollout.challenger);
  return new Set([...versions].filter((version) => version !== null));
}

/** A summary without what changes at every look though nothing happened. */
function whatItSays(summary: Verdict['summary'], alerts: AlertView[]): string {
  return JSON.stringify({ ...summary, foldedAt: null, alerts: alerts.map(({ id }) => id) });
}

async function publish(cycle: Cycle, scope: Scope, published: Published): Promise<void> {
  const { summary, says, alerts } = published;
  const { sql } = cycle.storage;
  if (summary.revision <= publishedRevision(sql) && alerts.length === 0) return;
  const { DB } = cycle.env;
  await DB.batch([
    upsertSummary(DB, scope.workspace, summary),
    ...alerts.map((alert) => upsertAlert(DB, scope.workspace, alert)),
  ]);
  cycle.storage.transactionSync(() => {
    markPublished(sql, alerts);
    writeMeta(sql, 'published', String(summary.revision));
    writeMeta(sql, 'published_says', says);
  });
  const { model } = cycle.name;
  const messages: LiveMessage[] = alerts.map((alert) => ({ type: 'alert', model, alert }));
  await tellHub(scope, [{ type: 'summary', model, summary }, ...messages]);
}

const revisionOf = (sql: SqlStorage): number => Number(readMeta(sql, 'revision') ?? '0');
const publishedRevision = (sql: SqlStorage): number => Number(readMeta(sql, 'published') ?? '-1');
const raiseRevision = (sql: SqlStorage): void =>
  writeMeta(sql, 'revision', String(revisionOf(sql) + 1));
