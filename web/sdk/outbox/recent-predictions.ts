import type { ClientStorage } from '../adapters.ts';
import { startingWith } from '../storage/key-order.ts';
import { type FoundPrediction, isShadow, type RecentGroup, withShadow } from './records.ts';

const MAX_GROUPS = 2000;
const MAX_PREDICTIONS = 20_000;
const PAGE = 200;
/** A shadow answers right after the user was answered: in the same group as the prediction, or soon after. */
const GROUPS_AFTER = 3;

const ID = /^([A-Za-z0-9_-]{4,40})\.([A-Za-z0-9_-]{4,40}):([1-9]\d{0,15})$/;

/** The prediction that an id names, if this device made it lately. */
export async function findRecent(
  storage: ClientStorage,
  model: string,
  id: string,
): Promise<FoundPrediction | null> {
  const parts = ID.exec(id);
  if (!parts) return null;
  const [, device, writer, digits] = parts;
  const seq = Number(digits);
  const range = { from: [model, device, writer, 0], to: [model, device, writer, seq] };
  const after = {
    from: [model, device, writer, seq + 1],
    to: startingWith(model, device, writer).to,
  };
  const { found, next } = await storage.read(['recent'], async (tx) => ({
    found: (await tx.entries('recent', range, { limit: 1, reverse: true }))[0],
    next: await tx.entries('recent', after, { limit: GROUPS_AFTER }),
  }));
  if (!found) return null;
  const { items } = found.value as RecentGroup;
  const at = seq - (found.key[3] as number);
  const prediction = items[at] ?? null;
  if (!prediction || isShadow(prediction)) return null;
  const later = next.flatMap(({ value }) => (value as RecentGroup).items);
  return withShadow(id, prediction, [...items.slice(at + 1), ...later]);
}

/** Forgets the oldest predictions beyond what a device remembers. */
export function pruneRecent(storage: ClientStorage, model: string): Promise<void> {
  return storage.write(['recent'], 'relaxed', async (tx) => {
    let groups = 0;
    let predictions = 0;
    let to = startingWith(model).to;
    for (;;) {
      const page = await tx.entries(
        'recent',
        { from: [model], to },
        { limit: PAGE, reverse: true },
      );
      for (const { key, value } of page) {
        groups += 1;
        predictions += (value as RecentGroup).items.length;
        const isBeyond = groups > MAX_GROUPS || predictions > MAX_PREDICTIONS;
        if (isBeyond && groups > 1) await tx.delete('recent', key);
      }
      const last = page[page.length - 1];
      if (!last || page.length < PAGE) return;
      const [, device, writer, from] = last.key as [string, string, string, number];
      to = [model, device, writer, from - 1];
    }
  });
}
