import * as v from 'valibot';
import { modelId } from './declaration.ts';
import { semver } from './manifest.ts';

/** Bumped on any change of what travels; a server refuses versions it does not know. */
export const PROTOCOL_VERSION = 2;
/** Devices keep sealed batches for weeks: what earlier versions wrote is read for ever. */
export const READ_PROTOCOLS: readonly number[] = [1, 2];

/** NDJSON, gzip: first line the header, then one event a line, sequences contiguous and ascending. */
export const BATCH_CONTENT_TYPE = 'application/x-ndjson';

export const FALLBACK_REASONS = [
  'model_loading',
  'deadline',
  'integrity',
  'runtime',
  'killed',
  'not_assigned',
] as const;
export type FallbackReason = (typeof FALLBACK_REASONS)[number];

/** `download`: the server was reached and did not deliver a file. `track`: what the application counts. */
export const INCIDENT_KINDS = ['integrity', 'runtime', 'download', 'storage', 'track'] as const;

/** Fallbacks that count against a model: the others are not its fault. */
export const BLAMED_REASONS: readonly FallbackReason[] = ['deadline', 'integrity', 'runtime'];

/** What runs a graph on a device. `script`: this repository's own runtime, without WebAssembly. */
export const BACKENDS = ['wasm', 'webgpu', 'webgl', 'webnn', 'cpu', 'script'] as const;
export type Backend = (typeof BACKENDS)[number];

const sequence = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 52));
const epochMs = v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15));
/** Far beyond any float32, and small enough that sums of its fourth powers stay numbers. */
export const LARGEST_VALUE = 1e70;
const finite = v.pipe(v.number(), v.minValue(-LARGEST_VALUE), v.maxValue(LARGEST_VALUE));
/** What a client counts; bounded, so that no sum over batches overflows. */
const clientCount = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32));
const duration = v.pipe(v.number(), v.minValue(0), v.maxValue(3_600_000));
const groupName = v.pipe(v.string(), v.maxLength(256));
const token = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{4,40}$/));

/** `device.writer:sequence`: known to the client before the answer, found by the ledger for ever. */
export const predictionId = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_-]{4,40}\.[A-Za-z0-9_-]{4,40}:[1-9]\d{0,15}$/),
);

export const predictionEvent = v.object({
  type: v.literal('prediction'),
  seq: sequence,
  at: epochMs,
  source: v.picklist(['model', 'fallback']),
  reason: v.optional(v.picklist(FALLBACK_REASONS)),
  /** The version that answered; null when the fallback did. */
  version: v.nullable(semver),
  /** The version the assignment named; null when none was. A fallback is counted against it. */
  assigned: v.nullable(semver),
  variant: v.picklist(['champion', 'challenger', 'none']),
  value: finite,
  interval: v.optional(v.tuple([finite, finite])),
  latencyMs: duration,
  /** What ran the model; left out where the fallback answered. */
  backend: v.optional(v.picklist(BACKENDS)),
  /** Raw features; left out when the declaration logs none. */
  features: v.optional(
    v.record(v.string(), v.nullable(v.union([finite, v.pipe(v.string(), v.maxLength(256))]))),
  ),
  warnings: v.optional(clientCount),
});

export const outcomeEvent = v.object({
  type: v.literal('outcome'),
  seq: sequence,
  at: epochMs,
  prediction: predictionId,
  value: finite,
  observedAt: epochMs,
  /** What the prediction said, so that the error is known without looking it up. */
  predicted: finite,
  version: v.nullable(semver),
  assigned: v.nullable(semver),
  source: v.picklist(['model', 'fallback']),
  /** Value of the declared sensitive input: without it nobody can tell how the errors of groups differ. */
  group: v.optional(groupName),
  /** What the challenger in the shadow answered to the same row. */
  shadow: v.optional(v.object({ version: semver, predicted: finite })),
});

/**
 * What a challenger in the shadow answered, beside the champion and never instead of it: it is no prediction, and
 * no counter of predictions includes it. At most one a prediction.
 */
export const shadowEvent = v.object({
  type: v.literal('shadow'),
  seq: sequence,
  at: epochMs,
  /** The answer that was given to the user. */
  prediction: predictionId,
  /** The challenger. */
  version: semver,
  /** Left out where it failed. */
  value: v.optional(finite),
  /** Why there is no value. */
  reason: v.optional(v.picklist(['deadline', 'runtime'])),
  /** What the champion answered; left out where the fallback did. */
  champion: v.optional(finite),
  latencyMs: duration,
  backend: v.optional(v.picklist(BACKENDS)),
});

export const exposureEvent = v.object({
  type: v.literal('exposure'),
  seq: sequence,
  at: epochMs,
  flag: v.pipe(v.string(), v.maxLength(128)),
  variant: v.pipe(v.string(), v.maxLength(128)),
  version: v.nullable(semver),
});

export const incidentEvent = v.object({
  type: v.literal('incident'),
  seq: sequence,
  at: epochMs,
  kind: v.picklist(INCIDENT_KINDS),
  version: v.nullable(semver),
  detail: v.pipe(v.string(), v.maxLength(1000)),
});

export const telemetryEvent = v.variant('type', [
  predictionEvent,
  outcomeEvent,
  exposureEvent,
  incidentEvent,
  shadowEvent,
]);

export const batchHeader = v.object({
  protocol: v.pipe(v.number(), v.integer()),
  /** UUIDv7; the R2 object's name and the ledger's key. */
  batch: v.pipe(v.string(), v.uuid()),
  model: modelId,
  device: token,
  writer: token,
  from: sequence,
  to: sequence,
  sealedAt: epochMs,
  /** Events this writer gave up since its last delivered batch, never sent: counted, and the count delivered. */
  dropped: v.object({
    quota: clientCount,
    age: clientCount,
  }),
});

/** Answer to one batch; a resend gets the same counts with `duplicate: true`. */
export const batchAck = v.object({
  batch: v.string(),
  duplicate: v.boolean(),
  accepted: v.number(),
  /** `overlaps_batch`: some numbers of the batch came before in another. All of it is refused; what was new counts as missing. */
  rejected: v.array(v.object({ seq: v.number(), reason: v.string() })),
  /** How many events the client should gather before the next send. */
  flushSize: v.number(),
  /** The flag configuration version now in force; another than the client's own means: refetch. */
  flagsVersion: v.number(),
});

/** Body of POST /v1/models/:model/outcomes: what a backend or a CSV knows. */
export const outcomesRequest = v.object({
  outcomes: v.pipe(
    v.array(
      v.object({ predictionId, value: finite, observedAt: v.pipe(v.string(), v.isoTimestamp()) }),
    ),
    v.minLength(1),
    v.maxLength(1000),
  ),
});
export const outcomesResponse = v.object({
  accepted: v.number(),
  duplicate: v.number(),
  rejected: v.array(v.object({ index: v.number(), predictionId: v.string(), reason: v.string() })),
});

export type PredictionEvent = v.InferOutput<typeof predictionEvent>;
export type OutcomeEvent = v.InferOutput<typeof outcomeEvent>;
export type ExposureEvent = v.InferOutput<typeof exposureEvent>;
export type IncidentEvent = v.InferOutput<typeof incidentEvent>;
export type TelemetryEvent = v.InferOutput<typeof telemetryEvent>;
export type ShadowEvent = v.InferOutput<typeof shadowEvent>;
export type BatchHeader = v.InferOutput<typeof batchHeader>;
export type BatchAck = v.InferOutput<typeof batchAck>;
export type OutcomesRequest = v.InferOutput<typeof outcomesRequest>;
export type OutcomesResponse = v.InferOutput<typeof outcomesResponse>;

/**
 * The version an answer speaks for: the one that gave it, which is not the assigned one while that
 * is still downloading; a fallback speaks for the version it stood in for.
 */
export const creditedVersion = (
  answer: Pick<PredictionEvent, 'source' | 'version' | 'assigned'>,
): string | null => (answer.source === 'model' ? answer.version : answer.assigned);
