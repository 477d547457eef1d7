import * as v from 'valibot';
import type { Declaration, Task } from '../../shared/contracts/declaration.ts';
import type { ReferenceProfile } from '../../shared/contracts/profile.ts';
import { referenceProfile } from '../../shared/contracts/profile.ts';
import { HOUR_MS, SECOND_MS } from '../../shared/core/time.ts';
import { type KnownLoss, knownLossOf } from '../../shared/decide/loss.ts';
import type { Platform } from '../env.ts';
import { artifactKey } from '../store/r2-keys.ts';
import type { VersionName } from '../store/versions.ts';
import { declarationOf, findVersion, manifestOf } from '../store/versions.ts';
import { createIsolateCache } from './isolate-cache.ts';

/** What counting and judging need to know of a version; all of it immutable. */
export type VersionBins = {
  version: string;
  declaration: Declaration;
  task: Task['type'];
  reference: ReferenceProfile;
  /** Its loss out of fold, when it was trained. */
  knownLoss: KnownLoss;
  /** Around its answers, target units: holds a known share of outcomes. Null of a classifier. */
  interval: { lower: number; upper: number } | null;
  /** Largest difference from the champion's answer that is agreement, target units. */
  tolerance: number;
  /** Values of the declared sensitive input; empty without one. */
  groups: readonly string[];
  /** Traffic is counted in time buckets of this width. */
  bucketMs: number;
};

const KNOWN_TTL_MS = HOUR_MS;
const UNKNOWN_TTL_MS = 5 * SECOND_MS;
const BUCKETS_PER_WINDOW = 60;
/** Bucket of traffic that was assigned no version. */
export const UNASSIGNED_BUCKET_MS = 60_000;

const known = createIsolateCache<VersionBins | 'unknown'>(200);

/** Null for a version that was never published here. */
export async function loadVersionBins(
  env: Platform,
  name: VersionName,
  nowMs: number,
): Promise<VersionBins | null> {
  const key = `${name.workspace}/${name.model}/${name.version}`;
  const cached = known.get(key, nowMs);
  if (cached) return cached === 'unknown' ? null : cached;
  const bins = await readVersionBins(env, name);
  known.set(key, bins ?? 'unknown', nowMs + (bins ? KNOWN_TTL_MS : UNKNOWN_TTL_MS));
  return bins;
}

async function readVersionBins(env: Platform, name: VersionName): Promise<VersionBins | null> {
  const row = await findVersion(env.DB, name);
  if (!row) return null;
  const stored = await env.BUCKET.get(artifactKey(name.workspace, row.reference_sha256));
  if (!stored) throw new Error(`Broken invariant: no reference of ${name.model}@${name.version}`);
  const declaration = declarationOf(row);
  const { metrics, interval } = manifestOf(row);
  const knownLoss = knownLossOf(metrics.crossValidation);
  const agreement = declaration.gates.find(({ metric }) => metric === 'agreement_rate');
  return {
    version: name.version,
    declaration,
    task: declaration.task.type,
    reference: v.parse(referenceProfile, await stored.json()),
    knownLoss,
    interval: interval && { lower: interval.lower, upper: interval.upper },
    tolerance:
      agreement?.tolerance ?? (knownLoss.loss === 'brier' ? PROBABILITY_TOLERANCE : knownLoss.mean),
    groups: groupsOf(declaration),
    bucketMs: bucketOf(declaration.monitors.drift.windowMs),
  };
}

/** Probabilities that differ by more than this do not agree, where the declaration says nothing. */
const PROBABILITY_TOLERANCE = 0.05;

function groupsOf({ sensitive, inputs }: Declaration): string[] {
  const input = inputs.find(({ name }) => name === sensitive);
  if (input?.type !== 'category') return [];
  // A value that every object has as a name would count what nobody put there.
  return input.categories.map(({ value }) => value).filter((value) => !(value in {}));
}

/** Sixty buckets a window, each a whole number of seconds from one second to one hour. */
function bucketOf(windowMs: number): number {
  const seconds = Math.ceil(windowMs / BUCKETS_PER_WINDOW / SECOND_MS);
  return Math.min(HOUR_MS, seconds * SECOND_MS);
}
