import type { ClientStorage } from '../adapters.ts';
import { eventCount, type SealedBatch } from '../outbox/records.ts';
import { startingWith } from '../storage/key-order.ts';

/** Refused batches kept for a person to look at; older ones make room. */
const MAX_DEAD_LETTERS = 20;

/** A batch the server refused for good, as it was sent; key [model, batch id]. */
export type DeadLetter = { batch: SealedBatch; status: number; detail: string };

export function buryBatch(
  storage: ClientStorage,
  model: string,
  letter: DeadLetter,
): Promise<void> {
  const key = [model, letter.batch.header.batch];
  return storage.write(['batches', 'dead'], 'relaxed', async (tx) => {
    await tx.delete('batches', key);
    await tx.put('dead', key, letter);
    const excess = (await tx.count('dead', startingWith(model))) - MAX_DEAD_LETTERS;
    const oldest = await tx.entries('dead', startingWith(model), { limit: Math.max(0, excess) });
    for (const { key: old } of oldest) await tx.delete('dead', old);
  });
}

/** Events in dead letters on this device. */
export async function countDeadLetters(storage: ClientStorage, model: string): Promise<number> {
  const letters = await storage.read(['dead'], (tx) => tx.entries('dead', startingWith(model)));
  return letters.reduce(
    (sum, { value }) => sum + eventCount((value as DeadLetter).batch.header),
    0,
  );
}
