import type { RevocationList } from '../../../shared/contracts/manifest.ts';
import type { ClientStorage } from '../adapters.ts';
import { startingWith } from '../storage/key-order.ts';

/** A version as one key signed it. */
export type SignedBytes = { keyId: string; sha256: string };

/**
 * What must not be forgotten: the bytes each version had, and the newest revocation list of each
 * key. Kept in the storage and, for this session, in memory too: a full or broken disk makes the
 * client forgetful at its next start, not now.
 */
export class TrustStore {
  readonly #storage: ClientStorage;
  readonly #bytes = new Map<string, SignedBytes[]>();
  readonly #lists = new Map<string, RevocationList>();

  constructor(storage: ClientStorage) {
    this.#storage = storage;
  }

  async bytesOf(model: string, version: string): Promise<SignedBytes[]> {
    const range = startingWith('known', model, version);
    const stored = await this.#storage
      .read(['meta'], (tx) => tx.entries('meta', range))
      .catch(() => []);
    const here = this.#bytes.get(`${model} ${version}`) ?? [];
    return [
      ...here,
      ...stored.map(({ key, value }) => ({ keyId: String(key[3]), sha256: String(value) })),
    ];
  }

  async rememberBytes(model: string, version: string, bytes: SignedBytes): Promise<void> {
    const known = await this.bytesOf(model, version);
    if (known.some(({ keyId, sha256 }) => keyId === bytes.keyId && sha256 === bytes.sha256)) return;
    this.#bytes.set(`${model} ${version}`, [...known, bytes]);
    const key = ['known', model, version, bytes.keyId];
    const entry = { store: 'meta' as const, key, value: bytes.sha256 };
    await this.#storage.putAll([entry], 'relaxed').catch(() => undefined);
  }

  /** The list with the highest serial that was ever seen from this key. */
  async revocationsOf(keyId: string): Promise<RevocationList | null> {
    const key = ['revocations', keyId];
    const stored = (await this.#storage
      .read(['meta'], (tx) => tx.get('meta', key))
      .catch(() => undefined)) as RevocationList | undefined;
    const here = this.#lists.get(keyId);
    if (!here) return stored ?? null;
    return stored && stored.serial > here.serial ? stored : here;
  }

  /** @returns whether the list was newer than any seen from this key */
  async learnRevocations(keyId: string, list: RevocationList): Promise<boolean> {
    const known = await this.revocationsOf(keyId);
    if (known && known.serial >= list.serial) return false;
    this.#lists.set(keyId, list);
    const entry = { store: 'meta' as const, key: ['revocations', keyId], value: list };
    await this.#storage.putAll([entry], 'strict').catch(() => undefined);
    return true;
  }
}
