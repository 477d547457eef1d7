import type { Profile } from '../../shared/contracts/profile.ts';
import type { OutcomeEvent, TelemetryEvent } from '../../shared/contracts/telemetry.ts';
import { creditedVersion } from '../../shared/contracts/telemetry.ts';
import { unreachable } from '../../shared/core/assert.ts';
import { addTracked, trackedOf } from '../../shared/stats/profile/business-profile.ts';
import { addShadow } from '../../shared/stats/profile/shadow-profile.ts';
import {
  addExposure,
  addIncident,
  addPrediction,
} from '../../shared/stats/profile/traffic-profile.ts';
import type { VersionBins } from '../services/version-bins.ts';
import { UNASSIGNED_BUCKET_MS } from '../services/version-bins.ts';
import { placeEvent } from './clock.ts';
import type { RejectedEvent } from './parse-batch.ts';
import type { EncodedProfile } from './profile-codec.ts';
import { emptyProfile, encodeProfile } from './profile-codec.ts';
import { type Batch, isProbability, refusalOf } from './refuse-event.ts';

/** Traffic of one version in one time bucket. `version` is null where none was assigned. */
export type BucketProfile = {
  bucketMs: number;
  version: string | null;
  profile: EncodedProfile;
  /** What a challenger in the shadow answered: given to nobody. */
  isShadow?: true;
};

export type DeltaOutcome = Pick<
  OutcomeEvent,
  'seq' | 'prediction' | 'source' | 'predicted' | 'value'
> & {
  bucketMs: number;
  version: string | null;
  group?: string;
  shadow?: ShadowOutcome;
};

/** The same outcome, of what the challenger in the shadow had answered. */
export type ShadowOutcome = { bucketMs: number; version: string; predicted: number };

export type BatchDelta = {
  profiles: BucketProfile[];
  /** Counted by the object, which alone knows whether a prediction has its outcome already. */
  outcomes: DeltaOutcome[];
  rejected: RejectedEvent[];
  predictions: number;
  incidents: number;
  exposures: number;
  shadows: number;
  /** Events whose time could not be. */
  clamped: number;
};

export type DeltaContext = Batch & {
  /** By version; a version that is not in here was never published. */
  bins: ReadonlyMap<string, VersionBins>;
  clock: { sentAtMs: number; receivedMs: number };
};

/** The version whose traffic an event belongs to. */
export const versionOf = (event: TelemetryEvent): string | null =>
  event.type === 'prediction' || event.type === 'outcome' ? creditedVersion(event) : event.version;

/** Every version that an event names: what counts it needs their bins. */
export function versionsOf(event: TelemetryEvent): (string | null)[] {
  const version = versionOf(event);
  return event.type === 'outcome' && event.shadow ? [version, event.shadow.version] : [version];
}

type Bucket = { bucketMs: number; version: string | null; profile: Profile; isShadow: boolean };
type Place = {
  bucketMs: number;
  version: string | null;
  bins: VersionBins | null;
  isShadow: boolean;
};

/** What a batch adds to the model's windows: mergeable, so folding costs bins and not events. */
export function batchDelta(events: TelemetryEvent[], context: DeltaContext): BatchDelta {
  const delta = emptyDelta();
  const buckets = new Map<string, Bucket>();
  for (const event of events) {
    const version = versionOf(event);
    const bins = version === null ? null : context.bins.get(version);
    const refusal = refusalOf(event, bins, context);
    if (refusal !== null || bins === undefined)
      delta.rejected.push({ seq: event.seq, reason: refusal ?? 'unknown_version' });
    else {
      const placed = placeEvent(event.at, context.clock);
      if (placed.clamped) delta.clamped++;
      const bucketMs = bucketAt(placed.atMs, bins);
      const isShadow = event.type === 'shadow';
      if (event.type === 'outcome')
        delta.outcomes.push(deltaOutcome(event, placed.atMs, { bins, context }));
      else count(delta, profileAt(buckets, { bucketMs, version, bins, isShadow }), { event, bins });
    }
  }
  for (const { bucketMs, version, profile, isShadow } of buckets.values()) {
    const counted = { bucketMs, version, profile: encodeProfile(profile) };
    delta.profiles.push(isShadow ? { ...counted, isShadow } : counted);
  }
  return delta;
}

function bucketAt(atMs: number, bins: VersionBins | null): number {
  const widthMs = bins?.bucketMs ?? UNASSIGNED_BUCKET_MS;
  return Math.floor(atMs / widthMs) * widthMs;
}

const emptyDelta = (): BatchDelta => ({
  profiles: [],
  outcomes: [],
  rejected: [],
  predictions: 0,
  incidents: 0,
  exposures: 0,
  shadows: 0,
  clamped: 0,
});

function profileAt(buckets: Map<string, Bucket>, place: Place): Profile {
  const { bucketMs, version, bins, isShadow } = place;
  const key = `${version}@${bucketMs}${isShadow ? ' shadow' : ''}`;
  let bucket = buckets.get(key);
  if (!bucket) {
    bucket = { bucketMs, version, profile: emptyProfile(bins), isShadow };
    buckets.set(key, bucket);
  }
  return bucket.profile;
}

function deltaOutcome(
  event: OutcomeEvent,
  atMs: number,
  { bins, context }: { bins: VersionBins | null; context: DeltaContext },
): DeltaOutcome {
  const { seq, prediction, source, predicted, value, group, shadow } = event;
  const outcome: DeltaOutcome = {
    seq,
    prediction,
    source,
    predicted,
    value,
    version: creditedVersion(event),
    bucketMs: bucketAt(atMs, bins),
  };
  if (group !== undefined && bins?.groups.includes(group)) outcome.group = group;
  const shadowBins = shadow && context.bins.get(shadow.version);
  if (shadow && shadowBins && (shadowBins.task !== 'binary' || isProbability(shadow.predicted)))
    outcome.shadow = { ...shadow, bucketMs: bucketAt(atMs, shadowBins) };
  return outcome;
}

type Counted = { event: Exclude<TelemetryEvent, OutcomeEvent>; bins: VersionBins | null };

function count(delta: BatchDelta, profile: Profile, { event, bins }: Counted): void {
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
      if (event.kind === 'track') countBusiness(profile, event.detail, bins);
      delta.incidents++;
      return;
    case 'shadow':
      addShadow(profile, event, bins?.tolerance ?? 0);
      delta.shadows++;
      return;
    default:
      unreachable(event);
  }
}

/** Counts what the declaration names: whatever else an application tracks would grow without bound. */
function countBusiness(profile: Profile, detail: string, bins: VersionBins | null): void {
  const tracked = trackedOf(detail);
  const metrics = bins?.declaration.businessMetrics ?? [];
  if (tracked && metrics.some(({ name }) => name === tracked.name)) addTracked(profile, tracked);
}
