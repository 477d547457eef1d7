import { LIMITS } from '../../../shared/contracts/limits.ts';
import { type BatchHeader, PROTOCOL_VERSION } from '../../../shared/contracts/telemetry.ts';
import { uuidv7 } from '../../../shared/core/ids.ts';
import type { Rng } from '../../../shared/core/rng.ts';
import type { ClientStorage, Key, Transaction } from '../adapters.ts';
import { startingWith } from '../storage/key-order.ts';
import { type Dropped, type EventGroup, readDropped, type SealedBatch } from './records.ts';

/** Half of what the server unpacks: NDJSON lines are ASCII but for category values. */
const MAX_TEXT_LENGTH = LIMITS.batchDecompressedBytes / 4;

export type SealOptions = { model: string; nowMs: number; rng: Rng; maxEvents?: number };

type Found = { key: Key; group: EventGroup };
type Gathered = { groups: Found[]; dropped: Dropped };

/**
 * Seals the oldest contiguous run of one writer's committed events into an immutable batch. Any tab
 * may seal any writer's events, also a dead tab's: what is committed is a prefix of its sequence,
 * and groups leave the log in the same transaction that puts the batch.
 * @returns null when nothing is committed
 */
export async function sealNext(
  storage: ClientStorage,
  options: SealOptions,
): Promise<SealedBatch | null> {
  for (;;) {
    const gathered = await storage.read(['events', 'meta'], (tx) => gather(tx, options));
    if (gathered.groups.length === 0) return null;
    const batch = await build(gathered, options);
    if (await replace(storage, options.model, { gathered, batch })) return batch;
    // Another tab sealed some of these first; look again.
  }
}

async function gather(tx: Transaction, { model, maxEvents }: SealOptions): Promise<Gathered> {
  const limit = Math.min(maxEvents ?? LIMITS.batchEvents, LIMITS.batchEvents);
  const [first] = await tx.entries('events', startingWith(model), { limit: 1 });
  const dropped = await readDropped(tx, model);
  if (!first) return { groups: [], dropped };
  const [, device, writer, from] = first.key;
  const entries = await tx.entries('events', startingWith(model, device, writer), { limit });
  const groups: Found[] = [];
  let expected = from as number;
  let length = 0;
  for (const { key, value } of entries) {
    const group = value as EventGroup;
    const isFull = groups.length > 0 && group.to - (from as number) + 1 > limit;
    const isLong = groups.length > 0 && length + group.lines.length > MAX_TEXT_LENGTH;
    if (key[3] !== expected || isFull || isLong) break;
    groups.push({ key, group });
    expected = group.to + 1;
    length += group.lines.length;
  }
  return { groups, dropped };
}

async function build({ groups, dropped }: Gathered, options: SealOptions): Promise<SealedBatch> {
  const [, device, writer, from] = groups[0].key as [string, string, string, number];
  const header: BatchHeader = {
    protocol: PROTOCOL_VERSION,
    batch: uuidv7(options.nowMs, options.rng),
    model: options.model,
    device,
    writer,
    from,
    to: groups[groups.length - 1].group.to,
    sealedAt: options.nowMs,
    dropped,
  };
  const body = await gzip(
    `${JSON.stringify(header)}\n${groups.map((g) => g.group.lines).join('')}`,
  );
  const isKept = groups.some(({ group }) => group.isKept);
  return { header, body, digest: await sha256Base64(body), isKept, attempts: 0, notBeforeMs: 0 };
}

/** Swaps the groups for the batch; false when they are no longer what was read. */
function replace(
  storage: ClientStorage,
  model: string,
  { gathered: { groups, dropped }, batch }: { gathered: Gathered; batch: SealedBatch },
): Promise<boolean> {
  // Strict: a batch that was sent and then forgotten by the disk would come again under another id.
  return storage.write(['events', 'batches', 'meta'], 'strict', async (tx) => {
    for (const { key, group } of groups) {
      const stored = (await tx.get('events', key)) as EventGroup | undefined;
      if (stored?.to !== group.to) return false;
    }
    const droppedNow = await readDropped(tx, model);
    if (droppedNow.quota !== dropped.quota || droppedNow.age !== dropped.age) return false;
    for (const { key } of groups) await tx.delete('events', key);
    await tx.put('meta', ['dropped', model], { quota: 0, age: 0 });
    await tx.put('batches', [model, batch.header.batch], batch);
    return true;
  });
}

async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function sha256Base64(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return btoa(String.fromCharCode(...digest));
}
