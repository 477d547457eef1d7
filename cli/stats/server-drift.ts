import type { ModelView, ProfilesView } from '../../shared/contracts/registry.ts';
import { assert } from '../../shared/core/assert.ts';
import { ok, type Result } from '../../shared/core/result.ts';
import { createRng } from '../../shared/core/rng.ts';
import { shapeOfProfiles } from '../../shared/report/kinds/column-shape.ts';
import { summaryOfProfiles } from '../../shared/report/kinds/column-summary.ts';
import type { DriftReportOptions } from '../../shared/report/kinds/drift-report.ts';
import type { TableDrift } from '../../shared/stats/drift/compare-tables.ts';
import { compareWindow, profilePairs } from '../../shared/stats/drift/compare-window.ts';
import { PROFILE_METHODS, type ProfileMethod } from '../../shared/stats/drift/profile-methods.ts';
import { callApi } from '../api.ts';
import type { CliContext } from '../context.ts';
import { findRemote, type RemoteFlags } from '../credentials.ts';
import { type CliFailure, failed } from '../failure.ts';
import { MULTIVARIATE_METHODS } from './multivariate-drift.ts';

/** Tables without a change are drawn from this: the same traffic gives the same answer. */
const SEED = 20_261_121;

type Asked = RemoteFlags & { window: string; version?: string; methods: string; alpha: number };

type ServerDrift = {
  table: TableDrift;
  sentence: string;
  lookAt: DriftReportOptions['lookAt'];
};

/** Drift of a version's traffic on a server against its reference, from profiles: no raw value is fetched. */
export async function serverDrift(
  context: CliContext,
  model: string,
  asked: Asked,
): Promise<Result<ServerDrift, CliFailure>> {
  const methods = methodsOf(asked.methods);
  if (!methods.ok) return methods;
  const remote = await findRemote(context, asked);
  if (!remote.ok) return remote;
  const get = <T>(path: string) => callApi<T>(remote.value, { method: 'GET', path });
  const view = await get<ProfilesView>(profilesPath(model, asked));
  if (!view.ok) return view;
  const champion = asked.version
    ? ok(asked.version)
    : await championOf(() => get<ModelView>(`/v1/models/${model}`));
  if (!champion.ok) return champion;
  const found = view.value.versions.find(({ version }) => version === champion.value);
  if (!found?.reference)
    return failed(
      'no_traffic',
      `${model} ${champion.value} has had no traffic in ${asked.window}.`,
      [
        `Traffic of ${view.value.versions.map(({ version }) => version ?? 'no version').join(', ')}`,
      ],
    );
  const { alpha } = asked;
  const table = compareWindow(found.reference, found.profile, {
    ...{ methods: methods.value, alpha, rng: createRng(SEED) },
  });
  const sentence = `${model} ${champion.value}, ${describeWindow(view.value)}`;
  const pairs = new Map(profilePairs(found.reference, found.profile));
  const lookAt: ServerDrift['lookAt'] = (column) => {
    const pair = pairs.get(column);
    assert(pair, 'a column that was compared has its profiles');
    return {
      shape: shapeOfProfiles(pair.reference, pair.current),
      summary: summaryOfProfiles(pair.reference, pair.current),
    };
  };
  return ok({ table, sentence, lookAt });
}

function profilesPath(model: string, { window, version }: Asked): string {
  const query = new URLSearchParams({ window, ...(version ? { version } : {}) });
  return `/v1/models/${model}/profiles?${query}`;
}

/** What was looked at, and how much of it is there: a window may reach back further than the traffic. */
function describeWindow({ window, oldest }: ProfilesView): string {
  const { kind, from, to, coveredFrom } = window;
  const covered = coveredFrom === null ? 'no traffic in it' : `counted from ${coveredFrom}`;
  return `${kind} window from ${from} to ${to} (${covered}; the oldest traffic kept is of ${oldest ?? 'no time'})`;
}

async function championOf(
  read: () => Promise<Result<ModelView, CliFailure>>,
): Promise<Result<string, CliFailure>> {
  const model = await read();
  if (!model.ok) return model;
  const { champion } = model.value;
  return champion ? ok(champion) : failed('no_champion', 'No version is served: give --version.');
}

function methodsOf(names: string): Result<ProfileMethod[], CliFailure> {
  const given = names.split(',').map((name) => name.trim());
  const unknown = given.find((name) => name !== 'all' && !PROFILE_METHODS.some((m) => m === name));
  if (unknown !== undefined) {
    const isTogether = MULTIVARIATE_METHODS.some((m) => m === unknown.replaceAll('-', '_'));
    const why = isTogether
      ? `"${unknown}" looks at all columns together and needs raw values; a server keeps profiles.`
      : `There is no method "${unknown}".`;
    return failed('wrong_usage', why, [`Methods: all, ${PROFILE_METHODS.join(', ')}`]);
  }
  const chosen = given.includes('all') ? PROFILE_METHODS : given;
  return ok(chosen.flatMap((name) => PROFILE_METHODS.filter((method) => method === name)));
}
