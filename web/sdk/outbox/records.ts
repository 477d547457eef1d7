import type { BatchHeader, TelemetryEvent } from '../../../shared/contracts/telemetry.ts';
import type { Key, Transaction } from '../adapters.ts';
import { startingWith } from '../storage/key-order.ts';

type WithoutSeq<E> = E extends TelemetryEvent ? Omit<E, 'seq'> : never;
/** A telemetry event before it has its place in a writer's sequence. */
export type EventBody = WithoutSeq<TelemetryEvent>;

/** A writer's committed events from..to, one NDJSON line each; key [model, device, writer, from]. */
export type EventGroup = {
  to: number;
  lines: string;
  committedAt: number;
  /** false: predictions alone, which quota drops first. */
  isKept: boolean;
};

/** What an outcome carries of its prediction; the place in `items` is the sequence minus `from`. */
export type RememberedPrediction = Pick<
  Extract<TelemetryEvent, { type: 'outcome' }>,
  'predicted' | 'version' | 'assigned' | 'source' | 'group'
>;
/** What the challenger in the shadow answered, kept at the place of its own event. */
export type RememberedShadow = { shadowOf: string; version: string; predicted: number };
export type Remembered = RememberedPrediction | RememberedShadow;
export type RecentGroup = { items: (Remembered | null)[] };

/** Everything an outcome carries of its prediction. */
export type FoundPrediction = RememberedPrediction &
  Pick<Extract<TelemetryEvent, { type: 'outcome' }>, 'shadow'>;

export const isShadow = (item: Remembered | null | undefined): item is RememberedShadow =>
  item != null && 'shadowOf' in item;

/** A prediction and, where there is one among what came after it, what its shadow answered. */
export function withShadow(
  id: string,
  prediction: RememberedPrediction,
  later: readonly (Remembered | null)[],
): FoundPrediction {
  const shadow = later.find((item) => isShadow(item) && item.shadowOf === id);
  if (!isShadow(shadow)) return prediction;
  const { version, predicted } = shadow;
  return { ...prediction, shadow: { version, predicted } };
}

/** Immutable from its sealing on: `body` is what is sent, each time; key [model, batch id]. */
export type SealedBatch = {
  header: BatchHeader;
  /** gzip of the header line and the event lines. */
  body: Uint8Array<ArrayBuffer>;
  /** Base64 sha256 of `body`. */
  digest: string;
  isKept: boolean;
  attempts: number;
  notBeforeMs: number;
  /** Absent until the server has refused it. */
  refusals?: Refusals;
};

/** How long a server that was reached has refused a batch. */
export type Refusals = {
  lastAtMs: number;
  /** Between the first and the last, each interval counted as a day at most: clocks jump. */
  forMs: number;
  /** How often it arrived damaged. */
  damaged: number;
};

export type Dropped = BatchHeader['dropped'];

export const groupKey = (model: string, writer: WriterId, from: number): Key => [
  model,
  writer.device,
  writer.writer,
  from,
];
export type WriterId = { device: string; writer: string };

export const eventCount = (range: { from: number; to: number }): number =>
  range.to - range.from + 1;

export async function readDropped(tx: Transaction, model: string): Promise<Dropped> {
  const stored = (await tx.get('meta', ['dropped', model])) as Dropped | undefined;
  return stored ?? { quota: 0, age: 0 };
}

export async function addDropped(tx: Transaction, model: string, more: Dropped): Promise<void> {
  const now = await readDropped(tx, model);
  const next = { quota: now.quota + more.quota, age: now.age + more.age };
  await tx.put('meta', ['dropped', model], next);
}

/** Events stored and not yet acknowledged. */
export async function countWaiting(tx: Transaction, model: string): Promise<number> {
  let waiting = 0;
  for (const { key, value } of await tx.entries('events', startingWith(model)))
    waiting += eventCount({ from: key[3] as number, to: (value as EventGroup).to });
  for (const { value } of await tx.entries('batches', startingWith(model)))
    waiting += eventCount((value as SealedBatch).header);
  return waiting;
}
