import type { Manifest, ManifestFile, Signed } from '../../../shared/contracts/manifest.ts';
import type { SignatureCrypto } from '../../../shared/contracts/verify.ts';
import { toHex } from '../../../shared/core/base64url.ts';
import type { ClientStorage, Transaction } from '../adapters.ts';
import { startingWith } from '../storage/key-order.ts';

/** Versions whose files stay: the active one and what a rollback would most likely want. */
const KEPT_VERSIONS = 3;

type KeptVersion = { version: string; files: string[] };
export type ActivePointer = { version: string; signed: Signed };

/** The stored chunks of a file from the first on, as far as they are there and unchanged. */
export async function readChunks(
  { sha256, chunks }: ManifestFile,
  { storage, crypto }: { storage: ClientStorage; crypto: SignatureCrypto },
): Promise<Uint8Array<ArrayBuffer>[]> {
  const entries = await storage
    .read(['chunks'], (tx) => tx.entries('chunks', startingWith(sha256)))
    .catch(() => []); // Unreadable is as good as not there: it is downloaded.
  const held: Uint8Array<ArrayBuffer>[] = [];
  for (const { key, value } of entries) {
    const chunk = value as Uint8Array<ArrayBuffer>;
    if (key[1] !== held.length) break;
    if (toHex(await crypto.sha256(chunk)) !== chunks[held.length]) break;
    held.push(chunk);
  }
  return held;
}

/** Keeps a chunk if there is room; a full disk costs a download later, not the model now. */
export async function storeChunk(
  storage: ClientStorage,
  { sha256, index, chunk }: { sha256: string; index: number; chunk: Uint8Array<ArrayBuffer> },
): Promise<void> {
  await storage
    .write(['chunks'], 'relaxed', (tx) => tx.put('chunks', [sha256, index], chunk))
    .catch(() => undefined);
}

export function readPointer(
  storage: ClientStorage,
  model: string,
): Promise<ActivePointer | undefined> {
  return storage.read(['meta'], (tx) => tx.get('meta', ['active', model])) as Promise<
    ActivePointer | undefined
  >;
}

/** Points to a version and forgets files that no kept version has, in one transaction. */
export function movePointer(
  storage: ClientStorage,
  { model, version, files }: Manifest,
  signed: Signed,
): Promise<void> {
  return storage.write(['meta', 'chunks'], 'relaxed', async (tx) => {
    const pointer: ActivePointer = { version, signed };
    await tx.put('meta', ['active', model], pointer);
    const before = ((await tx.get('meta', ['kept', model])) as KeptVersion[] | undefined) ?? [];
    const mine: KeptVersion = { version, files: files.map(({ sha256 }) => sha256) };
    const all = [mine, ...before.filter((kept) => kept.version !== version)];
    const kept = all.slice(0, KEPT_VERSIONS);
    await tx.put('meta', ['kept', model], kept);
    const needed = new Set(kept.flatMap((entry) => entry.files));
    for (const { files: dropped } of all.slice(KEPT_VERSIONS))
      for (const sha256 of dropped) if (!needed.has(sha256)) await dropFile(tx, sha256);
  });
}

async function dropFile(tx: Transaction, sha256: string): Promise<void> {
  for (const { key } of await tx.entries('chunks', startingWith(sha256)))
    await tx.delete('chunks', key);
}
