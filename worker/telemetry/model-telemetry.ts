import { DurableObject } from 'cloudflare:workers';
import type { LedgerView, ProfilesView } from '../../shared/contracts/registry.ts';
import { SECOND_MS } from '../../shared/core/time.ts';
import type { Platform } from '../env.ts';
import type { AppendAnswer, AppendRequest } from './append.ts';
import { appendBatch } from './append.ts';
import { runCycle } from './cycle.ts';
import type { OutcomeEntry } from './enter-outcomes.ts';
import { enterOutcomes } from './enter-outcomes.ts';
import type { EventName, FoundBatch } from './find-batches.ts';
import { findBatches } from './find-batches.ts';
import { flushSizeAt, withArrival } from './flush-size.ts';
import { readLedger } from './ledger.ts';
import type { AskedWindow } from './read-profiles.ts';
import { readProfiles } from './read-profiles.ts';
import { createTables, readMeta, writeMeta } from './schema.ts';

/** How long appended batches gather before they are folded together. */
const FOLD_AFTER_MS = SECOND_MS;

export type AppendReply =
  | Extract<AppendAnswer, { status: 'conflict' }>
  | (Extract<AppendAnswer, { duplicate: boolean }> & { flushSize: number });

/**
 * The ledger and the windows of one model (named workspace/model/shard). Requests only append;
 * the alarm folds, judges and publishes. Whatever is lost with the memory is rebuilt from SQLite.
 */
export class ModelTelemetry extends DurableObject<Platform> {
  #arrivals = { perSecond: 0, atMs: 0 };
  #isArmed = false;
  #lastCycle: Promise<void> = Promise.resolve();

  constructor(state: DurableObjectState, env: Platform) {
    super(state, env);
    createTables(state.storage.sql);
    if (state.id.name) writeMeta(state.storage.sql, 'name', state.id.name);
  }

  append(request: AppendRequest): AppendReply {
    const { storage } = this.ctx;
    const answer = storage.transactionSync(() => appendBatch(storage.sql, request));
    if (answer.status === 'conflict') return answer;
    this.#arrivals = withArrival(this.#arrivals, request.receivedMs);
    this.#arm();
    return { ...answer, flushSize: flushSizeAt(this.#arrivals.perSecond) };
  }

  /** Outcomes that came without their prediction's batch; answers which of them were new. */
  enterOutcomes(entries: OutcomeEntry[]): boolean[] {
    const { storage } = this.ctx;
    const isNew = storage.transactionSync(() => enterOutcomes(storage.sql, entries));
    if (isNew.includes(true)) this.#arm();
    return isNew;
  }

  findBatches(events: EventName[]): (FoundBatch | null)[] {
    return findBatches(this.ctx.storage.sql, events);
  }

  readLedger(device: string | null): LedgerView {
    return readLedger(this.ctx.storage.sql, device);
  }

  readProfiles(window: AskedWindow): Promise<ProfilesView> {
    const { sql } = this.ctx.storage;
    return readProfiles({
      sql,
      env: this.env,
      name: this.#name(),
      window,
      nowMs: Date.now(),
    });
  }

  /** Labels entered so far: what a retraining could learn from. */
  countLabels(): number {
    return readLedger(this.ctx.storage.sql, null).outcomes;
  }

  /** What the alarm does, now: cron calls it, so a dead alarm costs a minute at most. */
  async tick(): Promise<void> {
    this.#isArmed = false;
    await this.#cycle();
  }

  override async alarm(): Promise<void> {
    this.#isArmed = false;
    await this.#cycle();
  }

  /** One at a time: an alarm and a tick must not fold the same batches. */
  async #cycle(): Promise<void> {
    const cycle = this.#lastCycle
      .catch(() => undefined)
      .then(() => runCycle({ storage: this.ctx.storage, env: this.env, name: this.#name() }));
    this.#lastCycle = cycle;
    await cycle;
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    this.ctx.waitUntil(this.ctx.storage.setAlarm(Date.now() + FOLD_AFTER_MS));
  }

  /** Kept in a table: an object that an alarm woke may not know its own name. */
  #name(): { workspace: string; model: string } {
    const [workspace, model] = (readMeta(this.ctx.storage.sql, 'name') ?? '').split('/');
    if (!workspace || !model) throw new Error('Broken invariant: telemetry object without a name');
    return { workspace, model };
  }
}
