import type { ModelFlag } from '../../../shared/contracts/flags.ts';
import type { Signed } from '../../../shared/contracts/manifest.ts';
import type { FallbackReason } from '../../../shared/contracts/telemetry.ts';
import type { Rng } from '../../../shared/core/rng.ts';
import { SECOND_MS } from '../../../shared/core/time.ts';
import { messageOf } from '../storage/storage-errors.ts';
import type { ModelState } from '../types.ts';
import { type AcquireOptions, type ActiveModel, acquireModel } from './acquire.ts';
import { readPointer } from './chunks.ts';
import { type Failure, isSame, modelStateOf, type Target, targetOf } from './model-target.ts';
import { describeRefusal, fallbackReasonOf, isWorthRetrying, type Refusal } from './refusal.ts';
import { createRefusalReport, type OnIncident } from './refusal-report.ts';
import { RetryTimer } from './retry-timer.ts';
import { findRevocation, learnRevocations } from './revocations.ts';
import { TrustStore } from './trust-store.ts';

/** Runs under way in a session that is replaced get the time they would have had. */
const REPLACED_ENDS_AFTER_MS = 2 * SECOND_MS;

export type ModelFollower = {
  /** Brings the state to what the flag says. Idempotent: the same flag costs nothing. */
  follow(flag: ModelFlag | null): void;
  /** Follows nothing any more and gives the memory back, until the next `follow`. */
  drop(): void;
  /** The model that answers now; null while there is none. */
  active(): ActiveModel | null;
  /** Why no model answers. */
  missingReason(): FallbackReason;
  status(): {
    state: ModelState;
    version: string | null;
    sizeBytes: number | null;
    intervalLevel: number | null;
    detail: string | null;
  };
  /** Try again now what failed, whatever it failed for. */
  retryNow(): void;
  /** Try again now if it was the network that failed. */
  networkIsBack(): void;
  /** Resolves when nothing is being acquired. */
  settled(): Promise<void>;
  dispose(): void;
};

type Options = Omit<AcquireOptions, 'signal' | 'trust' | 'onSessionFailure' | 'onState'> & {
  rng: Rng;
  onIncident: OnIncident;
  onChange: () => void;
};

/**
 * Keeps one model answering: the last good version until the assigned one has passed every check.
 * Only a revocation takes a good version away.
 */
export function createModelFollower(options: Options): ModelFollower {
  return new AssignedModelFollower(options);
}

class AssignedModelFollower implements ModelFollower {
  readonly #options: Options;
  #active: ActiveModel | null = null;
  #target: Target | null = null;
  #failure: Failure | null = null;
  #work: Promise<void>;
  #running: AbortController | null = null;
  readonly #trust: TrustStore;
  readonly #retry: RetryTimer;
  readonly #report: ReturnType<typeof createRefusalReport>;
  #revocations: string | null = null;
  #isDisposed = false;
  #isDropped = false;

  constructor(options: Options) {
    this.#options = options;
    this.#trust = new TrustStore(options.storage);
    this.#retry = new RetryTimer(options.rng);
    this.#report = createRefusalReport(options.onIncident);
    this.#work = options.isShadow ? Promise.resolve() : this.#restore();
  }

  active(): ActiveModel | null {
    return this.#active;
  }

  missingReason(): FallbackReason {
    return this.#failure ? fallbackReasonOf(this.#failure.refusal) : 'model_loading';
  }

  status() {
    const state = modelStateOf({
      active: this.#active,
      target: this.#target,
      failure: this.#failure,
    });
    const manifest = this.#active?.manifest;
    return {
      state,
      version: manifest?.version ?? null,
      sizeBytes: manifest?.files.find((file) => file.role === 'model')?.sizeBytes ?? null,
      intervalLevel: manifest?.interval?.level ?? null,
      detail: this.#failure ? describeRefusal(this.#failure.refusal) : null,
    };
  }

  follow(flag: ModelFlag | null): void {
    if (!flag || this.#isDisposed) return;
    if (flag.revocations && flag.revocations.payload !== this.#revocations) {
      this.#revocations = flag.revocations.payload;
      this.#enqueue(() => this.#learn(flag.revocations as Signed));
    }
    if (flag.status !== 'assigned') return;
    this.#isDropped = false;
    const target = { version: flag.version, signed: flag.manifest };
    if (isSame(target, this.#target)) return;
    this.#target = target;
    this.#failure = null;
    this.#retry.reset();
    this.#running?.abort();
    this.#enqueue(() => this.#reach(target));
  }

  drop(): void {
    if (!this.#target && !this.#active) return;
    this.#isDropped = true;
    this.#target = null;
    this.#failure = null;
    this.#retry.reset();
    this.#running?.abort();
    this.#active?.session.terminate();
    this.#active = null;
  }

  retryNow(): void {
    const target = this.#target;
    if (!target || !this.#failure || !isWorthRetrying(this.#failure.refusal)) return;
    this.#retry.cancel();
    this.#enqueue(() => this.#reach(target));
  }

  networkIsBack(): void {
    if (this.#failure?.refusal.reason === 'unreachable') this.retryNow();
  }

  async settled(): Promise<void> {
    let seen: Promise<void> | null = null;
    while (seen !== this.#work) {
      seen = this.#work;
      await seen;
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#retry.cancel();
    this.#running?.abort();
    this.#active?.session.terminate();
    this.#active = null;
  }

  #enqueue(work: () => Promise<void>): void {
    const done = this.#work.then(work).catch((error: unknown) => {
      this.#report(null, { reason: 'runtime', detail: messageOf(error) });
    });
    this.#work = done.then(() => this.#options.onChange());
  }

  /** What was active before this start answers until the flags say otherwise. */
  async #restore(): Promise<void> {
    const { storage, useCase } = this.#options;
    const pointer = await readPointer(storage, useCase.id).catch(() => undefined);
    if (pointer && !this.#isDisposed)
      await this.#acquire(pointer.signed, null, new AbortController().signal);
    this.#options.onChange();
  }

  async #reach(target: Target): Promise<void> {
    if (this.#isDisposed || !isSame(target, this.#target)) return;
    if (this.#active && isSame(target, targetOf(this.#active))) return;
    this.#options.onChange();
    this.#running = new AbortController();
    const refusal = await this.#acquire(target.signed, target.version, this.#running.signal);
    if (!isSame(target, this.#target) || this.#isDisposed) return;
    this.#failure = refusal ? { target: this.#target, refusal } : null;
    if (!refusal) return;
    this.#report(target.version, refusal);
    if (isWorthRetrying(refusal)) this.#retry.schedule(() => this.retryNow());
  }

  async #acquire(
    signed: Signed,
    version: string | null,
    signal: AbortSignal,
  ): Promise<Refusal | null> {
    const acquired = await acquireModel(signed, version, {
      ...this.#options,
      trust: this.#trust,
      signal,
      onSessionFailure: (failed, detail) => this.#report(failed, { reason: 'runtime', detail }),
      onState: () => this.#options.onChange(),
    }).catch((error: unknown): { ok: false; error: Refusal } => ({
      ok: false,
      error: { reason: 'runtime', detail: String(error) },
    }));
    if (!acquired.ok) return acquired.error;
    if (this.#isDisposed || this.#isDropped) acquired.value.session.terminate();
    else this.#activate(acquired.value);
    return null;
  }

  #activate(next: ActiveModel): void {
    const before = this.#active;
    this.#active = next;
    if (before) setTimeout(() => before.session.terminate(), REPLACED_ENDS_AFTER_MS);
  }

  async #learn(list: Signed): Promise<void> {
    const { publisher } = this.#options.trustedKeys;
    const trust = { trust: this.#trust, crypto: this.#options.crypto };
    const learned = await learnRevocations(list, publisher, trust);
    if (!learned.ok) return this.#report(null, learned.error);
    const target = this.#target;
    // A newer list may also have taken a version off.
    if (learned.value && target && this.#failure?.refusal.reason === 'revoked')
      this.#enqueue(() => this.#reach(target));
    const active = this.#active;
    const revoked = active && (await findRevocation(active.manifest, publisher, trust));
    if (!revoked) return;
    this.#report(active.manifest.version, revoked);
    if (isSame(targetOf(active), target)) this.#failure = { target, refusal: revoked };
    active.session.terminate();
    this.#active = null;
  }
}
