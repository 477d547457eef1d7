import { SECOND_MS } from '../../../shared/core/time.ts';
import type { Adapters, ClientStorage } from '../adapters.ts';
import { memoryStorage } from '../storage/memory.ts';
import { isQuotaError, messageOf } from '../storage/storage-errors.ts';
import { makeRoom } from './make-room.ts';
import { moveOutbox } from './move-outbox.ts';
import { groupsOf, type PendingEvent } from './pending-events.ts';
import { findRecent, pruneRecent } from './recent-predictions.ts';
import {
  countWaiting,
  type EventBody,
  type RememberedPrediction,
  type WriterId,
} from './records.ts';

/** Predictions commit within this of being recorded. */
const COMMIT_WITHIN_MS = 50;
/** More events than this on one device are given up, oldest predictions first. */
const DEFAULT_MAX_EVENTS = 20_000;
const PRUNE_EVERY_COMMITS = 64;
const RETRY_STORAGE_AFTER_MS = 30 * SECOND_MS;

export type OutboxOptions = {
  model: string;
  writer: WriterId;
  storage: ClientStorage;
  adapters: Pick<Adapters, 'nowMs'>;
  maxEvents?: number;
  onChange: () => void;
};

export type Outbox = {
  readonly writer: WriterId;
  /** Gives the event its place and its id at once; it commits with the next group. */
  record(event: EventBody, remembered?: RememberedPrediction): string;
  /** Commits what is pending, in order; strict resolves once it is on disk. Never rejects. */
  commit(durability: 'relaxed' | 'strict'): Promise<void>;
  find(id: string): Promise<RememberedPrediction | null>;
  /** Where committed events are: the storage, and memory while the storage fails. */
  storages(): ClientStorage[];
  status(): { waiting: number; failure: string | null; droppedNow: number };
  /** Something was sent and left: the storage may have room again. */
  retryStorage(): void;
  /** Reads again how many events wait, over all tabs. */
  recount(): Promise<void>;
};

/** The write-ahead log of one client instance. */
export function createOutbox(options: OutboxOptions): Outbox {
  return new WriteAheadLog(options);
}

class WriteAheadLog implements Outbox {
  readonly writer: WriterId;
  readonly #options: OutboxOptions;
  #nextSeq = 1;
  #pending: PendingEvent[] = [];
  #committing: PendingEvent[] = [];
  #last: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #commits = 0;
  #stored = 0;
  #dropped = 0;
  /** Holds committed events while the storage does not take them. */
  #overflow: ClientStorage | null = null;
  #failure: string | null = null;
  #failedAtMs = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.writer = options.writer;
  }

  record(event: EventBody, remembered: RememberedPrediction | null = null): string {
    const seq = this.#nextSeq++;
    this.#pending.push({ seq, event, remembered });
    this.#timer ??= setTimeout(() => void this.commit('relaxed'), COMMIT_WITHIN_MS);
    return `${this.writer.device}.${this.writer.writer}:${seq}`;
  }

  commit(durability: 'relaxed' | 'strict'): Promise<void> {
    this.#last = this.#last.then(() => this.#commitPending(durability));
    return this.#last;
  }

  async find(id: string): Promise<RememberedPrediction | null> {
    const prefix = `${this.writer.device}.${this.writer.writer}:`;
    const waiting = id.startsWith(prefix)
      ? [...this.#committing, ...this.#pending].find(({ seq }) => id === prefix + seq)
      : undefined;
    if (waiting) return waiting.remembered;
    for (const storage of this.storages()) {
      const found = await findRecent(storage, this.#options.model, id).catch(() => null);
      if (found) return found;
    }
    return null;
  }

  storages(): ClientStorage[] {
    return this.#overflow ? [this.#overflow, this.#options.storage] : [this.#options.storage];
  }

  status() {
    const uncommitted = this.#pending.length + this.#committing.length;
    return {
      waiting: this.#stored + uncommitted,
      failure: this.#failure,
      droppedNow: this.#dropped,
    };
  }

  retryStorage(): void {
    this.#failedAtMs = Number.NEGATIVE_INFINITY;
  }

  async recount(): Promise<void> {
    let stored = 0;
    for (const storage of this.storages())
      stored += await storage
        .read(['events', 'batches'], (tx) => countWaiting(tx, this.#options.model))
        .catch(() => 0);
    this.#stored = stored;
    this.#options.onChange();
  }

  async #commitPending(durability: 'relaxed' | 'strict'): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#pending.length === 0) return;
    this.#committing = this.#pending;
    this.#pending = [];
    // A timer's commit may pick up an outcome before the outcome's own does.
    const hasOutcome = this.#committing.some(({ event }) => event.type === 'outcome');
    await this.#store(this.#committing, hasOutcome ? 'strict' : durability);
    this.#stored += this.#committing.length;
    this.#committing = [];
    await this.#keepBounds();
    this.#options.onChange();
  }

  async #store(events: PendingEvent[], durability: 'relaxed' | 'strict'): Promise<void> {
    const { storage, adapters } = this.#options;
    const isWorthTrying =
      !this.#overflow || adapters.nowMs() - this.#failedAtMs >= RETRY_STORAGE_AFTER_MS;
    if (isWorthTrying && (await this.#tryStore(storage, events, durability))) return;
    this.#overflow ??= memoryStorage();
    await this.#put(this.#overflow, events, durability);
  }

  /** Once more after making room, when it was full. */
  async #tryStore(
    storage: ClientStorage,
    events: PendingEvent[],
    durability: 'relaxed' | 'strict',
  ): Promise<boolean> {
    try {
      await this.#put(storage, events, durability).catch(async (error: unknown) => {
        if (!isQuotaError(error)) throw error;
        await this.#giveUp(Math.max(events.length * 2, Math.ceil(this.#stored / 10)), false);
        await this.#put(storage, events, durability);
      });
      this.#failure = null;
      await this.#bringBack(storage);
      return true;
    } catch (error) {
      this.#failedAtMs = this.#options.adapters.nowMs();
      if (!this.#failure) {
        this.#failure = messageOf(error);
        this.#recordStorageIncident(`memory only: ${this.#failure}`);
      }
      return false;
    }
  }

  /** What memory held while the storage failed goes where it is safe. */
  async #bringBack(storage: ClientStorage): Promise<void> {
    const overflow = this.#overflow;
    if (!overflow) return;
    await moveOutbox(overflow, storage, this.#options.model);
    this.#overflow = null;
  }

  #put(storage: ClientStorage, events: PendingEvent[], durability: 'relaxed' | 'strict') {
    const { model, adapters } = this.#options;
    const groups = groupsOf(events, { model, writer: this.writer, nowMs: adapters.nowMs() });
    return storage.putAll(groups, durability);
  }

  async #keepBounds(): Promise<void> {
    const { model, storage, maxEvents = DEFAULT_MAX_EVENTS } = this.#options;
    this.#commits += 1;
    try {
      if (this.#stored > maxEvents) await this.#giveUp(Math.ceil(maxEvents / 10), true);
      if (this.#commits % PRUNE_EVERY_COMMITS === 0) await pruneRecent(storage, model);
    } catch (error) {
      this.#failure ??= messageOf(error);
    }
  }

  async #giveUp(events: number, includesKept: boolean): Promise<void> {
    const { model } = this.#options;
    let dropped = 0;
    for (const storage of this.storages())
      dropped += await makeRoom(storage, { model, events: events - dropped, includesKept });
    this.#stored = Math.max(0, this.#stored - dropped);
    this.#dropped += dropped;
    if (dropped > 0) this.#recordStorageIncident(`full: ${dropped} events given up`);
  }

  #recordStorageIncident(detail: string): void {
    const at = this.#options.adapters.nowMs();
    this.record({ type: 'incident', at, kind: 'storage', version: null, detail });
  }
}
