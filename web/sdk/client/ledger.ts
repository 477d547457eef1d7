import { SECOND_MS } from '../../../shared/core/time.ts';
import type { Adapters, ClientStorage } from '../adapters.ts';
import { UnknownPredictionError } from '../errors.ts';
import { forgetSentinel, openIdentity } from '../outbox/identity.ts';
import { eraseOutbox, moveOutbox } from '../outbox/move-outbox.ts';
import { createOutbox, type Outbox } from '../outbox/outbox.ts';
import type { Dropped, EventBody, RememberedPrediction } from '../outbox/records.ts';
import { memoryStorage } from '../storage/memory.ts';
import { messageOf } from '../storage/storage-errors.ts';
import { countDeadLetters } from '../sync/dead-letters.ts';
import { type DrainReport, drain } from '../sync/drain.ts';
import type { Destination } from '../sync/send-batch.ts';
import { createSender, type Sender } from '../sync/sender.ts';
import type { ClientStatus, Consent, SyncReport } from '../types.ts';
import type { OpenedStorage } from './open-storage.ts';

type Options = Destination & {
  model: string;
  adapters: Adapters;
  opened: Promise<OpenedStorage>;
  consent: Consent;
  /** An acknowledgement named this flag configuration version. */
  onFlagsVersion: (version: number) => void;
  onChange: () => void;
};

type LedgerStatus = Pick<ClientStatus, 'outbox' | 'storage' | 'device' | 'consent'>;

/** What the client records and sends, under the consent it has. */
export class Ledger {
  readonly #options: Options;
  readonly #sender: Sender;
  #consent: Consent;
  #outbox: Outbox | null = null;
  #opening: Promise<Outbox | null>;
  #opened: OpenedStorage | null = null;
  #evicted = false;
  #deadLetters = 0;
  #dropped: Dropped = { quota: 0, age: 0 };
  #lastSentAt: number | null = null;
  #lastError: string | null = null;
  #waiting: (EventBody & { type: 'incident' | 'exposure' })[] = [];

  constructor(options: Options) {
    this.#options = options;
    this.#consent = options.consent;
    this.#sender = createSender({
      drain: (how) => this.#drain(how),
      onRun: () => options.onChange(),
    });
    this.#opening = this.#open();
  }

  /** The outbox once its storage is open; null when nothing may be recorded. */
  outbox(): Outbox | null {
    return this.#consent === 'denied' ? null : this.#outbox;
  }

  opening(): Promise<Outbox | null> {
    return this.#opening;
  }

  /** Records now or, while the storage is opening, as soon as it is open. */
  note(event: EventBody & { type: 'incident' | 'exposure' }): void {
    if (this.#consent === 'denied') return;
    if (!this.#outbox) this.#waiting.push(event);
    else this.record(this.#outbox, event);
  }

  record(outbox: Outbox, event: EventBody, remembered?: RememberedPrediction): string {
    const id = outbox.record(event, remembered);
    this.#sender.recorded(false);
    return id;
  }

  /** Resolves once the outcome is on disk. */
  async recordOutcome(id: string, value: number, observedAt: number): Promise<void> {
    const outbox = await this.#opening;
    const prediction = outbox && this.outbox() ? await outbox.find(id) : null;
    if (!outbox || !prediction) throw new UnknownPredictionError(id);
    const at = this.#options.adapters.nowMs();
    outbox.record({ type: 'outcome', at, prediction: id, value, observedAt, ...prediction });
    await outbox.commit('strict');
    this.#sender.recorded(true);
  }

  async flush(): Promise<SyncReport> {
    const outbox = await this.#opening;
    await outbox?.commit('relaxed');
    const report =
      this.#consent === 'granted' && outbox
        ? await this.#sender.run({ isForced: true })
        : { ...NOTHING_SENT, stopped: consentStop(this.#consent) };
    const waiting = outbox?.status().waiting ?? 0;
    const { retryInMs: _, ...stopped } = report.stopped ?? { retryInMs: 0 };
    return {
      ...report,
      waiting,
      stopped: report.stopped && waiting > 0 ? (stopped as SyncReport['stopped']) : null,
    };
  }

  /** The page may be gone soon: what is pending is committed and, if small, sent to outlive it. */
  async hide(): Promise<void> {
    await this.#outbox?.commit('relaxed');
    if (this.#consent === 'granted') await this.#sender.run({ isForced: false, keepalive: true });
  }

  wake(): void {
    if (this.#consent === 'granted') this.#sender.wake();
  }

  async setConsent(consent: Consent): Promise<void> {
    const before = await this.#opening;
    if (consent === this.#consent) return;
    await before?.commit('relaxed');
    this.#consent = consent;
    const storages = before?.storages() ?? [];
    if (consent === 'denied') await this.#erase(storages);
    this.#outbox = null;
    this.#opening = this.#open(storages.filter(({ kind }) => kind === 'memory'));
    await this.#opening;
    this.wake();
    this.#options.onChange();
  }

  status(): LedgerStatus {
    const outbox = this.#outbox?.status();
    const failure = outbox?.failure ?? this.#opened?.failure ?? null;
    const isPersistent = this.#opened?.storage.kind === 'indexeddb' && !failure;
    const kind = isPersistent && this.#consent === 'granted' ? 'indexeddb' : 'memory';
    return {
      outbox: {
        waiting: outbox?.waiting ?? 0,
        deadLetters: this.#deadLetters,
        dropped: {
          quota: this.#dropped.quota + (outbox?.droppedNow ?? 0),
          age: this.#dropped.age,
        },
        lastSentAt: this.#lastSentAt,
        lastError: this.#lastError,
      },
      storage: { kind: this.#opened ? kind : 'opening', evicted: this.#evicted, detail: failure },
      consent: this.#consent,
      device: this.outbox()?.writer.device ?? null,
    };
  }

  async dispose(): Promise<void> {
    this.#sender.dispose();
    const outbox = await this.#opening;
    await outbox?.commit('relaxed');
  }

  /** @param moved storages whose events come along */
  async #open(moved: ClientStorage[] = []): Promise<Outbox | null> {
    this.#opened = await this.#options.opened;
    if (this.#consent === 'denied') return null;
    const { model, adapters, onChange } = this.#options;
    const storage = this.#consent === 'granted' ? this.#opened.storage : memoryStorage();
    const identity = await openIdentity(storage, adapters).catch(() =>
      openIdentity(memoryStorage(), adapters),
    );
    const { device, writer, evictedDevice } = identity;
    const outbox = createOutbox({ model, writer: { device, writer }, storage, adapters, onChange });
    for (const from of moved)
      if (from !== storage) await moveOutbox(from, storage, model).catch(() => undefined);
    await this.#remember(storage);
    this.#outbox = outbox;
    this.#noteOpening(evictedDevice);
    await outbox.recount();
    if (this.#consent === 'granted' && outbox.status().waiting > 0) this.#sender.recorded(false);
    return outbox;
  }

  #noteOpening(evictedDevice: string | null): void {
    const failure = this.#opened?.failure;
    this.#evicted = evictedDevice !== null;
    if (evictedDevice) this.#noteStorage(`evicted: what device ${evictedDevice} held is gone`);
    if (failure) this.#noteStorage(`memory only: ${failure}`);
    for (const event of this.#waiting.splice(0)) this.note(event);
  }

  #noteStorage(detail: string): void {
    const at = this.#options.adapters.nowMs();
    this.note({
      type: 'incident',
      at,
      kind: 'storage',
      version: null,
      detail: detail.slice(0, 1000),
    });
  }

  /** A service worker sends without a page: it finds here where to. */
  async #remember(storage: ClientStorage): Promise<void> {
    if (this.#consent !== 'granted') return;
    const { endpoint, publishableKey, model } = this.#options;
    const destination: Destination = { endpoint, publishableKey };
    await storage
      .write(['meta'], 'relaxed', (tx) => tx.put('meta', ['sync', model], destination))
      .catch((error: unknown) => {
        this.#lastError = messageOf(error);
      });
  }

  async #erase(storages: ClientStorage[]): Promise<void> {
    for (const storage of storages) await eraseOutbox(storage, this.#options.model);
    forgetSentinel(this.#options.adapters);
  }

  async #drain(how: { isForced: boolean; keepalive: boolean }): Promise<DrainReport> {
    const outbox = this.#outbox;
    const total: DrainReport = { ...NOTHING_SENT };
    if (!outbox || this.#consent !== 'granted') return total;
    const { model, adapters } = this.#options;
    await outbox.commit('relaxed');
    for (const storage of outbox.storages()) {
      const report = await drain({
        storage,
        model,
        destination: this.#options,
        adapters,
        ...how,
        onAck: ({ flushSize, flagsVersion }) => {
          this.#lastSentAt = adapters.nowMs();
          this.#sender.setFlushSize(flushSize);
          this.#options.onFlagsVersion(flagsVersion);
        },
        onDead: ({ header }, status, detail) =>
          this.#noteStorage(`refused ${header.from}-${header.to}: ${status} ${detail}`),
      }).catch((error: unknown) => storageStop(messageOf(error)));
      addReport(total, report);
      this.#deadLetters = await countDeadLetters(storage, model).catch(() => this.#deadLetters);
    }
    if (total.batches > 0) outbox.retryStorage();
    this.#lastError = total.stopped?.detail ?? null;
    await outbox.recount();
    return total;
  }
}

const NOTHING_SENT: DrainReport = {
  batches: 0,
  duplicates: 0,
  accepted: 0,
  rejected: 0,
  stopped: null,
};

const storageStop = (detail: string): DrainReport => ({
  ...NOTHING_SENT,
  stopped: { reason: 'server', detail, retryInMs: 30 * SECOND_MS },
});

const consentStop = (consent: Consent) => ({
  reason: 'consent' as const,
  detail: `consent is ${consent}`,
  retryInMs: 0,
});

function addReport(total: DrainReport, report: DrainReport): void {
  total.batches += report.batches;
  total.duplicates += report.duplicates;
  total.accepted += report.accepted;
  total.rejected += report.rejected;
  total.stopped ??= report.stopped;
}
