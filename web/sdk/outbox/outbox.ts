import type { Adapters, ClientStorage } from '../adapters.ts';
import { messageOf } from '../storage/storage-errors.ts';
import { Failover } from './failover.ts';
import { makeRoom } from './make-room.ts';
import { groupsOf, type PendingEvent } from './pending-events.ts';
import { findRecent, pruneRecent } from './recent-predictions.ts';
import {
  countWaiting,
  type EventBody,
  type FoundPrediction,
  isShadow,
  type Remembered,
  type WriterId,
  withShadow,
} from './records.ts';

/** Predictions commit within this of being recorded. */
const COMMIT_WITHIN_MS = 50;
/** More events than this on one device are given up, oldest predictions first. */
const DEFAULT_MAX_EVENTS = 20_000;
const PRUNE_EVERY_COMMITS = 64;

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
  record(event: EventBody, remembered?: Remembered): string;
  /** Commits what is pending, in order; strict resolves once it is on disk. Never rejects. */
  commit(durability: 'relaxed' | 'strict'): Promise<void>;
  find(id: string): Promise<FoundPrediction | null>;
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
  readonly #failover: Failover;
  #nextSeq = 1;
  #pending: PendingEvent[] = [];
  #committing: PendingEvent[] = [];
  #last: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #commits = 0;
  #stored = 0;
  #dropped = 0;
  #isUnbounded = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.writer = options.writer;
    this.#failover = new Failover({
      storage: options.storage,
      model: options.model,
      nowMs: options.adapters.nowMs,
      makeRoom: () => this.#makeRoom(),
      onFailure: (detail) => this.#noteStorage(`memory only: ${detail}`),
    });
  }

  record(event: EventBody, remembered: Remembered | null = null): string {
    const seq = this.#nextSeq++;
    this.#pending.push({ seq, event, remembered });
    this.#timer ??= setTimeout(() => void this.commit('relaxed'), COMMIT_WITHIN_MS);
    return `${this.writer.device}.${this.writer.writer}:${seq}`;
  }

  commit(durability: 'relaxed' | 'strict'): Promise<void> {
    this.#last = this.#last.then(() => this.#commitPending(durability));
    return this.#last;
  }

  async find(id: string): Promise<FoundPrediction | null> {
    const prefix = `${this.writer.device}.${this.writer.writer}:`;
    const waiting = [...this.#committing, ...this.#pending];
    const at = id.startsWith(prefix) ? waiting.findIndex(({ seq }) => id === prefix + seq) : -1;
    const later = waiting.slice(at + 1).map(({ remembered }) => remembered);
    if (at >= 0) {
      const { remembered } = waiting[at];
      return remembered && !isShadow(remembered) ? withShadow(id, remembered, later) : null;
    }
    for (const storage of this.storages()) {
      const found = await findRecent(storage, this.#options.model, id).catch(() => null);
      // A prediction may be on disk while its shadow is not there yet.
      if (found) return found.shadow ? found : withShadow(id, found, later);
    }
    return null;
  }

  storages(): ClientStorage[] {
    return this.#failover.storages();
  }

  status() {
    const uncommitted = this.#pending.length + this.#committing.length;
    return {
      waiting: this.#stored + uncommitted,
      failure: this.#failover.failure,
      droppedNow: this.#dropped,
    };
  }

  retryStorage(): void {
    this.#failover.retrySoon();
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
    const { model, adapters } = this.#options;
    const at = { model, writer: this.writer, nowMs: adapters.nowMs() };
    await this.#failover.putAll(groupsOf(this.#committing, at), hasOutcome ? 'strict' : durability);
    this.#stored += this.#committing.length;
    this.#committing = [];
    await this.#keepBounds();
    this.#options.onChange();
  }

  async #keepBounds(): Promise<void> {
    const { model, storage, maxEvents = DEFAULT_MAX_EVENTS } = this.#options;
    this.#commits += 1;
    try {
      if (this.#stored > maxEvents) await this.#giveUp(Math.ceil(maxEvents / 10), true);
      if (this.#commits % PRUNE_EVERY_COMMITS === 0) await pruneRecent(storage, model);
    } catch (error) {
      // Said once: an incident is an event too, and would come here again.
      if (!this.#isUnbounded) this.#noteStorage(`bounds not kept: ${messageOf(error)}`);
      this.#isUnbounded = true;
    }
  }

  #makeRoom(): Promise<void> {
    const events = Math.max(this.#committing.length * 2, Math.ceil(this.#stored / 10));
    return this.#giveUp(events, false);
  }

  async #giveUp(events: number, includesKept: boolean): Promise<void> {
    const { model } = this.#options;
    let dropped = 0;
    for (const storage of this.storages())
      dropped += await makeRoom(storage, { model, events: events - dropped, includesKept });
    this.#stored = Math.max(0, this.#stored - dropped);
    this.#dropped += dropped;
    if (dropped > 0) this.#noteStorage(`full: ${dropped} events given up`);
  }

  #noteStorage(detail: string): void {
    const at = this.#options.adapters.nowMs();
    this.record({ type: 'incident', at, kind: 'storage', version: null, detail });
  }
}
