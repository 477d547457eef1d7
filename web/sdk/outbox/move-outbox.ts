import type { ClientStorage, Entry, StoreName } from '../adapters.ts';
import { startingWith } from '../storage/key-order.ts';
import { addDropped, type Dropped, readDropped } from './records.ts';

const MOVED: readonly StoreName[] = ['events', 'batches', 'recent', 'dead'];

/**
 * Moves one model's outbox from one storage to another. It leaves the one before it enters the
 * other: in both, its events could be sealed twice under two names. It goes back when the other
 * does not take it.
 */
export async function moveOutbox(
  from: ClientStorage,
  to: ClientStorage,
  model: string,
): Promise<void> {
  const held = await takeOut(from, model);
  try {
    await putIn(to, held, model);
  } catch (error) {
    await putIn(from, held, model);
    throw error;
  }
}

type Held = { entries: Entry[]; dropped: Dropped };

function takeOut(storage: ClientStorage, model: string): Promise<Held> {
  return storage.write([...MOVED, 'meta'], 'relaxed', async (tx) => {
    const entries: Entry[] = [];
    for (const store of MOVED)
      for (const { key, value } of await tx.entries(store, startingWith(model))) {
        entries.push({ store, key, value });
        await tx.delete(store, key);
      }
    const dropped = await readDropped(tx, model);
    await tx.delete('meta', ['dropped', model]);
    return { entries, dropped };
  });
}

function putIn(storage: ClientStorage, { entries, dropped }: Held, model: string): Promise<void> {
  return storage.write([...MOVED, 'meta'], 'strict', async (tx) => {
    for (const { store, key, value } of entries) await tx.put(store, key, value);
    await addDropped(tx, model, dropped);
  });
}

/** Forgets one model's events, answered or not, and what outcomes would need of its predictions. */
export async function eraseOutbox(storage: ClientStorage, model: string): Promise<void> {
  await storage.write([...MOVED, 'meta'], 'strict', async (tx) => {
    for (const store of MOVED)
      for (const { key } of await tx.entries(store, startingWith(model)))
        await tx.delete(store, key);
    await tx.delete('meta', ['dropped', model]);
    await tx.delete('meta', ['device']);
  });
}
