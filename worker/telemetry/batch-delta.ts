import type { Profile } from '../../shared/contracts/profile.ts';
import type { OutcomeEvent, TelemetryEvent } from '../../shared/contracts/telemetry.ts';
import { creditedVersion } from '../../shared/contracts/telemetry.ts';
import { unreachable } from '../../shared/core/assert.ts';
import {
  addExposure,
  addIncident,
  addPrediction,
  createProfile,
} from '../../shared/stats/profile/traffic-profile.ts';
import type { VersionBins } from '../services/version-bins.ts';
import { UNASSIGNED_BUCKET_MS } from '../services/version-bins.ts';
import { placeEvent } from './clock.ts';
import type { RejectedEvent } from './parse-batch.ts';
import type { EncodedProfile } from './profile-codec.ts';
import { encodeProfile } from './profile-codec.ts';

/** Traffic of one version in one time bucket. `version` is null where none was assigned. */
export type BucketProfile = { bucketMs: number; version: string | null; profile: EncodedProfile };

export type DeltaOutcome = Pick<
  OutcomeEvent,
  'seq' | 'prediction' | 'source' | 'predicted' | 'value'
> & {
  bucketMs: number;
  version: string | null;
};

export type BatchDelta = {
  profiles: BucketProfile[];
  /** Counted by the object, which alone knows whether a prediction has its outcome already. */
  outcomes: DeltaOutcome[];
  rejected: RejectedEvent[];
  predictions: number;
  incidents: number;
  exposures: number;
  /** Events whose time could not be. */
  clamped: number;
};

export type DeltaContext = {
  /** Whose batch it is: a device tells outcomes of its own predictions. */
  device: string;
  /** By version; a version that is not in here was never published. */
  bins: ReadonlyMap<string, VersionBins>;
  clock: { sentAtMs: number; receivedMs: number };
};

/** The version whose traffic an event belongs to. */
export const versionOf = (event: TelemetryEvent): string | null =>
  event.type === 'prediction' || event.type === 'outcome' ? creditedVersion(event) : event.version;

type Bucket = { bucketMs: number; version: string | null; profile: Profile };
type Place = { bucketMs: number; version: string | null; bins: VersionBins | null };

/** What a batch adds to the model's windows: mergeable, so folding costs bins and not events. */
export function batchDelta(events: TelemetryEvent[], context: DeltaContext): BatchDelta {
  const delta = emptyDelta();
  const buckets = new Map<string, Bucket>();
  for (const event of events) {
    const version = versionOf(event);
    const bins = version === null ? null : context.bins.get(version);
    if (bins === undefined) delta.rejected.push({ seq: event.seq, reason: 'unknown_version' });
    else if (isForeign(event, context))
      delta.rejected.push({ seq: event.seq, reason: 'foreign_prediction' });
    else {
      const placed = placeEvent(event.at, context.clock);
      if (placed.clamped) delta.clamped++;
      const widthMs = bins?.bucketMs ?? UNASSIGNED_BUCKET_MS;
      const bucketMs = Math.floor(placed.atMs / widthMs) * widthMs;
      if (event.type === 'outcome') delta.outcomes.push(deltaOutcome(event, bucketMs));
      else count(delta, profileAt(buckets, { bucketMs, version, bins }), event);
    }
  }
  for (const { bucketMs, version, profile } of buckets.values())
    delta.profiles.push({ bucketMs, version, profile: encodeProfile(profile) });
  return delta;
}

const emptyDelta = (): BatchDelta => ({
  profiles: [],
  outcomes: [],
  rejected: [],
  predictions: 0,
  incidents: 0,
  exposures: 0,
  clamped: 0,
});

const isForeign = (event: TelemetryEvent, { device }: DeltaContext): boolean =>
  event.type === 'outcome' && !event.prediction.startsWith(`${device}.`);

function profileAt(buckets: Map<string, Bucket>, { bucketMs, version, bins }: Place): Profile {
  const key = `${version}@${bucketMs}`;
  let bucket = buckets.get(key);
  if (!bucket) {
    bucket = { bucketMs, version, profile: createProfile(bins?.reference ?? null) };
    buckets.set(key, bucket);
  }
  return bucket.profile;
}

function deltaOutcome(event: OutcomeEvent, bucketMs: number): DeltaOutcome {
  const { seq, prediction, source, predicted, value } = event;
  return { seq, prediction, source, predicted, value, version: creditedVersion(event), bucketMs };
}

function count(
  delta: BatchDelta,
  profile: Profile,
  event: Exclude<TelemetryEvent, OutcomeEvent>,
): void {
  switch (event.type) {
    case 'prediction':
      addPrediction(profile, event);
      delta.predictions++;
      return;
    case 'exposure':
      addExposure(profile);
      delta.exposures++;
      return;
    case 'incident':
      addIncident(profile, event);
      delta.incidents++;
      return;
    default:
      unreachable(event);
  }
}
