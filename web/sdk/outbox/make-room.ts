import type { ClientStorage, Key, StoreName, Transaction } from '../adapters.ts';
import { startingWith } from '../storage/key-order.ts';
import {
  addDropped,
  type Dropped,
  type EventGroup,
  eventCount,
  type SealedBatch,
} from './records.ts';

type Candidate = {
  store: StoreName;
  key: Key;
  events: number;
  /** Lower goes first. */
  rank: number;
  createdAt: number;
  refusedForMs: number;
  /** Counts that a batch carried and that would be lost with it. */
  carried: Dropped;
};

const KEPT_RANK = 3;
const NOTHING: Dropped = { quota: 0, age: 0 };

export type RoomOptions = {
  model: string;
  /** At least so many, or all that may go. */
  events: number;
  /** May outcomes go too, once there is no prediction left? Deleting need not free space at once. */
  includesKept: boolean;
};

/**
 * Drops events of this model: predictions before anything that holds an outcome, batches that may
 * have arrived last of their kind, oldest first. What is given up is counted, and the count travels
 * in the next batch.
 * @returns how many events were dropped
 */
export function makeRoom(
  storage: ClientStorage,
  { model, events, includesKept }: RoomOptions,
): Promise<number> {
  return storage.write(['events', 'batches', 'meta'], 'relaxed', async (tx) => {
    const all = await listCandidates(tx, model);
    const candidates = includesKept ? all : all.filter(({ rank }) => rank < KEPT_RANK);
    candidates.sort((a, b) => a.rank - b.rank || a.createdAt - b.createdAt);
    let dropped = 0;
    for (const candidate of candidates) {
      if (dropped >= events) break;
      await drop(tx, { model, candidate, why: 'quota' });
      dropped += candidate.events;
    }
    return dropped;
  });
}

/**
 * Drops the batches that the server has refused for so long. What was never refused has no age: by
 * the clock alone, a device whose clock was a year behind would lose all when it is set.
 * @returns how many events were dropped
 */
export function dropRefusedFor(
  storage: ClientStorage,
  model: string,
  leastMs: number,
): Promise<number> {
  return storage.write(['events', 'batches', 'meta'], 'relaxed', async (tx) => {
    let dropped = 0;
    for (const candidate of await listCandidates(tx, model)) {
      if (candidate.refusedForMs < leastMs) continue;
      await drop(tx, { model, candidate, why: 'age' });
      dropped += candidate.events;
    }
    return dropped;
  });
}

async function drop(
  tx: Transaction,
  { model, candidate, why }: { model: string; candidate: Candidate; why: keyof Dropped },
): Promise<void> {
  await tx.delete(candidate.store, candidate.key);
  await addDropped(tx, model, {
    ...candidate.carried,
    [why]: candidate.carried[why] + candidate.events,
  });
}

async function listCandidates(tx: Transaction, model: string): Promise<Candidate[]> {
  const groups = (await tx.entries('events', startingWith(model))).map(({ key, value }) => {
    const group = value as EventGroup;
    return {
      store: 'events' as const,
      key,
      events: eventCount({ from: key[3] as number, to: group.to }),
      rank: group.isKept ? KEPT_RANK : 0,
      createdAt: group.committedAt,
      refusedForMs: 0,
      carried: NOTHING,
    };
  });
  const batches = (await tx.entries('batches', startingWith(model))).map(({ key, value }) => {
    const batch = value as SealedBatch;
    return {
      store: 'batches' as const,
      key,
      events: eventCount(batch.header),
      rank: (batch.isKept ? KEPT_RANK : 0) + (batch.attempts > 0 ? 1 : 0),
      createdAt: batch.header.sealedAt,
      refusedForMs: batch.refusals?.forMs ?? 0,
      carried: batch.header.dropped,
    };
  });
  return [...groups, ...batches];
}
