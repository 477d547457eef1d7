import type { ClientStorage, StoreName } from '../adapters.ts';
import { startingWith } from '../storage/key-order.ts';
import { addDropped, readDropped } from './records.ts';

const MOVED: readonly StoreName[] = ['events', 'batches', 'recent', 'dead'];

/**
 * Puts one model's outbox from one storage into another, in one transaction there. Keys carry
 * device and writer, so nothing meets anything else.
 */
export async function moveOutbox(
  from: ClientStorage,
  to: ClientStorage,
  model: string,
): Promise<void> {
  const held = await from.read([...MOVED, 'meta'], async (tx) => {
    const entries = [];
    for (const store of MOVED)
      for (const entry of await tx.entries(store, startingWith(model)))
        entries.push({ store, ...entry });
    return { entries, dropped: await readDropped(tx, model) };
  });
  await to.write([...MOVED, 'meta'], 'strict', async (tx) => {
    for (const { store, key, value } of held.entries) await tx.put(store, key, value);
    await addDropped(tx, model, held.dropped);
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
