import type { ModelFlag } from '../../../shared/contracts/flags.ts';
import type { Signed } from '../../../shared/contracts/manifest.ts';
import type { FallbackReason } from '../../../shared/contracts/telemetry.ts';
import { MINUTE_MS, SECOND_MS } from '../../../shared/core/time.ts';
import type { ModelState } from '../types.ts';
import { type AcquireOptions, type ActiveModel, acquireModel } from './acquire.ts';
import { readPointer } from './chunks.ts';
import { describeRefusal, fallbackReasonOf, isWorthRetrying, type Refusal } from './refusal.ts';
import { findRevocation, learnRevocations } from './revocations.ts';

const FIRST_RETRY_MS = 2 * SECOND_MS;
const MAX_RETRY_MS = 5 * MINUTE_MS;

export type ModelManager = {
  /** Brings the state to what the flag says. Idempotent: the same flag costs nothing. */
  follow(flag: ModelFlag | null): void;
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
  /** Try again now what failed for want of a network. */
  retryNow(): void;
  /** Resolves when nothing is being acquired. */
  settled(): Promise<void>;
  dispose(): void;
};

type Options = Omit<AcquireOptions, 'signal' | 'onSessionFailure' | 'onState'> & {
  rng: () => number;
  onIncident: (kind: 'integrity' | 'runtime', version: string | null, detail: string) => void;
  onChange: () => void;
};

type Target = { version: string; signed: Signed };
type Failure = { target: Target | null; refusal: Refusal };

/**
 * Keeps one model answering: the last good version until the assigned one has passed every check.
 * Only a revocation takes a good version away.
 */
export function createModelManager(options: Options): ModelManager {
  return new FollowingManager(options);
}

class FollowingManager implements ModelManager {
  readonly #options: Options;
  #active: ActiveModel | null = null;
  #target: Target | null = null;
  #failure: Failure | null = null;
  #work: Promise<void>;
  #running: AbortController | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #revocations: string | null = null;
  #reported = new Set<string>();
  #isDisposed = false;

  constructor(options: Options) {
    this.#options = options;
    this.#work = this.#restore();
  }

  active(): ActiveModel | null {
    return this.#active;
  }

  missingReason(): FallbackReason {
    return this.#failure ? fallbackReasonOf(this.#failure.refusal) : 'model_loading';
  }

  status() {
    const state = this.#state();
    const manifest = this.#active?.manifest;
    return {
      state,
      version: manifest?.version ?? null,
      sizeBytes: manifest?.files.find((file) => file.role === 'model')?.sizeBytes ?? null,
      intervalLevel: manifest?.interval.level ?? null,
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
    const target = { version: flag.version, signed: flag.manifest };
    if (isSame(target, this.#target)) return;
    this.#target = target;
    this.#failure = null;
    this.#failures = 0;
    this.#running?.abort();
    this.#enqueue(() => this.#reach(target));
  }

  retryNow(): void {
    const target = this.#target;
    if (!target || !this.#failure || !isWorthRetrying(this.#failure.refusal)) return;
    clearTimeout(this.#retry);
    this.#enqueue(() => this.#reach(target));
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
    clearTimeout(this.#retry);
    this.#running?.abort();
    this.#active?.session.terminate();
    this.#active = null;
  }

  #state(): ModelState {
    if (this.#target && this.#failure?.target === this.#target && !this.#active) return 'failed';
    if (this.#active && (!this.#target || isSame(this.#target, pointerOf(this.#active))))
      return this.#active.session.isLive() ? 'ready' : 'loading';
    if (this.#target) return this.#failure ? 'failed' : 'loading';
    return this.#active ? 'ready' : 'none';
  }

  #enqueue(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).then(() => this.#options.onChange());
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
    if (this.#active && isSame(target, pointerOf(this.#active))) return;
    this.#options.onChange();
    this.#running = new AbortController();
    const refusal = await this.#acquire(target.signed, target.version, this.#running.signal);
    if (!isSame(target, this.#target) || this.#isDisposed) return;
    this.#failure = refusal ? { target: this.#target, refusal } : null;
    if (!refusal) return;
    this.#report(target.version, refusal);
    if (isWorthRetrying(refusal)) this.#retryLater();
  }

  async #acquire(
    signed: Signed,
    version: string | null,
    signal: AbortSignal,
  ): Promise<Refusal | null> {
    const acquired = await acquireModel(signed, version, {
      ...this.#options,
      signal,
      onSessionFailure: (failed, detail) => this.#options.onIncident('runtime', failed, detail),
      onState: () => this.#options.onChange(),
    }).catch((error: unknown): { ok: false; error: Refusal } => ({
      ok: false,
      error: { reason: 'runtime', detail: String(error) },
    }));
    if (!acquired.ok) return acquired.error;
    if (this.#isDisposed) acquired.value.session.terminate();
    else this.#activate(acquired.value);
    return null;
  }

  #activate(next: ActiveModel): void {
    const before = this.#active;
    this.#active = next;
    // Runs that are under way in the old session are given the time they would have had.
    if (before) setTimeout(() => before.session.terminate(), 2 * SECOND_MS);
  }

  async #learn(list: Signed): Promise<void> {
    const { storage, crypto, trustedKeys } = this.#options;
    const learned = await learnRevocations(list, trustedKeys.publisher, { storage, crypto });
    if (!learned.ok) return this.#report(null, learned.error);
    const { publisher } = trustedKeys;
    if (!learned.value) return;
    const target = this.#target;
    // A newer list may also have taken a version off.
    if (target && this.#failure?.refusal.reason === 'revoked')
      this.#enqueue(() => this.#reach(target));
    if (!this.#active) return;
    const revoked = await findRevocation(storage, this.#active.manifest, publisher, crypto);
    if (!revoked) return;
    this.#report(this.#active.manifest.version, revoked);
    this.#failure = { target: this.#target, refusal: revoked };
    this.#active.session.terminate();
    this.#active = null;
  }

  #retryLater(): void {
    const ceilingMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures);
    this.#failures += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(
      () => this.retryNow(),
      FIRST_RETRY_MS / 4 + this.#options.rng() * ceilingMs,
    );
  }

  /** Each refusal once: a device that retries all day must not send an incident a minute. */
  #report(version: string | null, refusal: Refusal): void {
    if (refusal.reason === 'unreachable') return;
    const key = `${version} ${refusal.reason}`;
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    const kind = refusal.reason === 'runtime' ? 'runtime' : 'integrity';
    this.#options.onIncident(kind, version, describeRefusal(refusal).slice(0, 1000));
  }
}

const pointerOf = ({ manifest, signed }: ActiveModel): Target => ({
  version: manifest.version,
  signed,
});

/** The same bytes under the same name, whatever object carries them. */
const isSame = (a: Target, b: Target | null): boolean =>
  a.version === b?.version && a.signed.payload === b.signed.payload;
