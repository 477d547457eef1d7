import type { BatchAck } from '../../../shared/contracts/telemetry.ts';
import type { Adapters, ClientStorage } from '../adapters.ts';
import { UnknownPredictionError } from '../errors.ts';
import { forgetSentinel, openIdentity } from '../outbox/identity.ts';
import { eraseOutbox, moveOutbox } from '../outbox/move-outbox.ts';
import { createOutbox, type Outbox } from '../outbox/outbox.ts';
import type { EventBody, Remembered } from '../outbox/records.ts';
import { memoryStorage } from '../storage/memory.ts';
import { messageOf } from '../storage/storage-errors.ts';
import { countDeadLetters } from '../sync/dead-letters.ts';
import { deliver, nothingSent, syncReport } from '../sync/deliver.ts';
import type { DrainReport } from '../sync/drain.ts';
import type { Destination } from '../sync/send-batch.ts';
import { createSender, type Sender } from '../sync/sender.ts';
import type { Consent, SyncReport } from '../types.ts';
import { type LedgerStatus, ledgerStatus, type Sending } from './ledger-status.ts';
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

/** What the client records and sends, under the consent it has. */
export class Ledger {
  readonly #options: Options;
  readonly #sender: Sender;
  #consent: Consent;
  #outbox: Outbox | null = null;
  #opening: Promise<Outbox | null>;
  #opened: OpenedStorage | null = null;
  #evicted = false;
  readonly #sending: Sending = {
    deadLetters: 0,
    droppedByAge: 0,
    lastSentAt: null,
    lastError: null,
  };
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

  record(outbox: Outbox, event: EventBody, remembered?: Remembered): string {
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
    const isAllowed = this.#consent === 'granted' && outbox !== null;
    const report = isAllowed ? await this.#sender.run({ isForced: true }) : nothingSent();
    const consentStop = { reason: 'consent' as const, detail: `consent is ${this.#consent}` };
    return syncReport(report, outbox?.status().waiting ?? 0, isAllowed ? null : consentStop);
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
    return ledgerStatus({
      outbox: this.#outbox,
      opened: this.#opened,
      consent: this.#consent,
      evicted: this.#evicted,
      sending: this.#sending,
    });
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
        this.#sending.lastError = messageOf(error);
      });
  }

  async #erase(storages: ClientStorage[]): Promise<void> {
    for (const storage of storages) await eraseOutbox(storage, this.#options.model);
    forgetSentinel(this.#options.adapters);
  }

  async #drain(how: { isForced: boolean; keepalive: boolean }): Promise<DrainReport> {
    const outbox = this.#outbox;
    if (!outbox || this.#consent !== 'granted') return nothingSent();
    const { model, adapters } = this.#options;
    await outbox.commit('relaxed');
    const report = await deliver(outbox, {
      model,
      destination: this.#options,
      adapters,
      ...how,
      onAged: (events) => {
        this.#sending.droppedByAge += events;
      },
      onAck: (ack) => this.#acknowledged(ack),
      onDead: ({ header }, status, detail) =>
        this.#noteStorage(`refused ${header.from}-${header.to}: ${status} ${detail}`),
    });
    if (report.batches > 0) outbox.retryStorage();
    this.#sending.lastError = report.stopped?.detail ?? null;
    await this.#recount(outbox);
    return report;
  }

  #acknowledged({ flushSize, flagsVersion }: BatchAck): void {
    this.#sending.lastSentAt = this.#options.adapters.nowMs();
    this.#sender.setFlushSize(flushSize);
    this.#options.onFlagsVersion(flagsVersion);
  }

  async #recount(outbox: Outbox): Promise<void> {
    let deadLetters = 0;
    for (const storage of outbox.storages())
      deadLetters += await countDeadLetters(storage, this.#options.model).catch(() => 0);
    this.#sending.deadLetters = deadLetters;
    await outbox.recount();
  }
}
