import type { Rng } from '../../../shared/core/rng.ts';
import type { Adapters, ClientStorage } from '../adapters.ts';
import type { WriterId } from './records.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const SENTINEL = 'edgewise:device';

function randomText(length: number, rng: Rng): string {
  let text = '';
  for (let i = 0; i < length; i++) text += ALPHABET[Math.floor(rng() * ALPHABET.length)];
  return text;
}

/** A device id that means nothing: 16 characters, 82 random bits. */
export const newDeviceId = (rng: Rng): string => randomText(16, rng);

/** A writer id: sorts by time of creation, so that the oldest writer's events are found first. */
export const newWriterId = (nowMs: number, rng: Rng): string =>
  Math.floor(nowMs).toString(36).padStart(9, '0') + randomText(7, rng);

export type OpenedIdentity = WriterId & {
  /** The device that this origin was before the browser erased its storage. */
  evictedDevice: string | null;
};

/**
 * This client instance's place in the ledger: the device that the storage remembers (one per
 * storage) and a writer of its own. A sentinel in localStorage outlives an erased IndexedDB often
 * enough to tell an eviction from a first visit.
 */
export async function openIdentity(
  storage: ClientStorage,
  { localStorage, nowMs, rng }: Pick<Adapters, 'localStorage' | 'nowMs' | 'rng'>,
): Promise<OpenedIdentity> {
  const writer = newWriterId(nowMs(), rng);
  const fresh = newDeviceId(rng);
  const known = (await storage.read(['meta'], (tx) => tx.get('meta', ['device']))) as
    | string
    | undefined;
  if (known) return { device: known, writer, evictedDevice: null };
  const device = await storage.write(['meta'], 'strict', async (tx) => {
    const since = (await tx.get('meta', ['device'])) as string | undefined;
    if (!since) await tx.put('meta', ['device'], fresh);
    return since ?? fresh;
  });
  if (storage.kind === 'memory' || !localStorage) return { device, writer, evictedDevice: null };
  const evictedDevice = localStorage.getItem(SENTINEL);
  localStorage.setItem(SENTINEL, device);
  return { device, writer, evictedDevice: evictedDevice === device ? null : evictedDevice };
}

export function forgetSentinel({ localStorage }: Pick<Adapters, 'localStorage'>): void {
  localStorage?.removeItem(SENTINEL);
}
