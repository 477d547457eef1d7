import { SECOND_MS } from '../../../shared/core/time.ts';
import type { ClientStorage, Entry } from '../adapters.ts';
import { memoryStorage } from '../storage/memory.ts';
import { isQuotaError, messageOf } from '../storage/storage-errors.ts';
import { moveOutbox } from './move-outbox.ts';

const RETRY_AFTER_MS = 30 * SECOND_MS;

type Options = {
  storage: ClientStorage;
  model: string;
  nowMs: () => number;
  /** The storage is full: give something up. */
  makeRoom: () => Promise<void>;
  /** Memory took over; called once until the storage works again. */
  onFailure: (detail: string) => void;
};

/**
 * Where committed events go: the storage and, while that fails, memory. Trying again waits a while
 * (deleting need not free a full disk at once), or until something was sent.
 */
export class Failover {
  readonly #options: Options;
  #overflow: ClientStorage | null = null;
  #failure: string | null = null;
  #failedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Why memory has taken over; null while the storage works. */
  get failure(): string | null {
    return this.#failure;
  }

  storages(): ClientStorage[] {
    return this.#overflow ? [this.#overflow, this.#options.storage] : [this.#options.storage];
  }

  retrySoon(): void {
    this.#failedAtMs = Number.NEGATIVE_INFINITY;
  }

  async putAll(entries: readonly Entry[], durability: 'relaxed' | 'strict'): Promise<void> {
    const isWorthTrying = this.#options.nowMs() - this.#failedAtMs >= RETRY_AFTER_MS;
    if (isWorthTrying && (await this.#tryStorage(entries, durability))) return this.#bringBack();
    this.#overflow ??= memoryStorage();
    await this.#overflow.putAll(entries, durability);
  }

  /** Once more after making room, when it was full. */
  async #tryStorage(entries: readonly Entry[], durability: 'relaxed' | 'strict'): Promise<boolean> {
    const { storage, makeRoom } = this.#options;
    try {
      await storage.putAll(entries, durability).catch(async (error: unknown) => {
        if (!isQuotaError(error)) throw error;
        await makeRoom();
        await storage.putAll(entries, durability);
      });
      this.#failure = null;
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  /** What memory held while the storage failed goes where it is safe. */
  async #bringBack(): Promise<void> {
    const { storage, model } = this.#options;
    if (!this.#overflow) return;
    try {
      await moveOutbox(this.#overflow, storage, model);
      this.#overflow = null;
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const isNew = this.#failure === null;
    this.#failedAtMs = this.#options.nowMs();
    this.#failure = messageOf(error);
    if (isNew) this.#options.onFailure(this.#failure);
  }
}
