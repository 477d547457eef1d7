import { webCrypto } from '../../shared/contracts/verify.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../shared/core/time.ts';
import type { InputDefinition, RowOf } from '../../shared/use-case/row-type.ts';
import type { Adapters } from './adapters.ts';
import { browserAdapters } from './browser/adapters.ts';
import { type ChangeListeners, createChangeListeners } from './client/change-listeners.ts';
import { clientStatus } from './client/client-status.ts';
import { Ledger } from './client/ledger.ts';
import { lateStorage, openStorage } from './client/open-storage.ts';
import { createDecide, type Decision } from './flags/decision.ts';
import { createFlagReader } from './flags/flag-reader.ts';
import { createRemoteFlags, type RemoteFlags } from './flags/remote-flags.ts';
import { createModelManager, type ModelManager } from './model-cache/model-manager.ts';
import { explainPrediction } from './predict/explain.ts';
import { type PredictorOptions, predictRow } from './predict/predictor.ts';
import type {
  Client,
  ClientContext,
  ClientOptions,
  ClientStatus,
  Consent,
  Prediction,
  PredictOptions,
} from './types.ts';

const DEFAULT_DEADLINE_MS = SECOND_MS;
const DEFAULT_MAX_STALE_MS = 30 * DAY_MS;
const REFETCH_EVERY_MS = 6 * HOUR_MS;

/** A client for one use case: flags, model, fallback and telemetry behind one `predict`. */
export function createClient<const Inputs extends readonly InputDefinition[]>(
  options: ClientOptions<Inputs>,
): Client<RowOf<Inputs>> {
  return new EdgewiseClient(options as unknown as ClientOptions);
}

class EdgewiseClient implements Client {
  readonly ready: Promise<void>;
  readonly flag: Client['flag'];
  readonly #adapters: Adapters;
  readonly #flags: RemoteFlags;
  readonly #models: ModelManager;
  readonly #ledger: Ledger;
  readonly #decide: () => Decision;
  readonly #predictor: PredictorOptions;
  readonly #listeners: ChangeListeners<ClientStatus>;
  readonly #unsubscribe: (() => void)[];
  readonly #close: () => void;
  #haveFlagsAnswered = false;
  #lastContact: number | null = null;

  constructor(options: ClientOptions) {
    const adapters: Adapters = { ...browserAdapters(), ...options.adapters };
    const origin = { endpoint: absolute(options.endpoint), publishableKey: options.publishableKey };
    const opened = openStorage(adapters.storage);
    const storage = lateStorage(opened);
    this.#adapters = adapters;
    this.#listeners = createChangeListeners(() => this.status);
    this.#close = storage.close;
    this.#ledger = new Ledger({
      ...origin,
      model: options.useCase.id,
      adapters,
      opened,
      consent: options.consent ?? 'granted',
      onFlagsVersion: (version) => this.#seeFlagsVersion(version),
      onChange: this.#listeners.changed,
    });
    this.#models = createModelManager({
      useCase: options.useCase,
      trustedKeys: options.trustedKeys,
      origin,
      storage,
      crypto: webCrypto(crypto.subtle),
      fetch: adapters.fetch,
      spawn: adapters.inference,
      wasmUrl: options.runtime?.wasmUrl,
      rng: adapters.rng,
      onIncident: (kind, version, detail) => this.#incident(kind, version, detail),
      onChange: this.#listeners.changed,
    });
    const maxStaleMs = options.maxStaleMs ?? DEFAULT_MAX_STALE_MS;
    this.#flags = createRemoteFlags({
      ...origin,
      useCase: options.useCase.id,
      context: options.context,
      adapters,
      refetchEveryMs: Math.min(REFETCH_EVERY_MS, maxStaleMs / 2),
      onChange: () => this.#followFlags(),
    });
    this.#decide = createDecide({
      flags: this.#flags,
      maxStaleMs,
    });
    this.flag = createFlagReader(this.#flags.client, (flag, variant) =>
      this.#expose(flag, variant),
    );
    this.#predictor = {
      useCase: options.useCase,
      deadlineMs: options.deadlineMs ?? DEFAULT_DEADLINE_MS,
      decide: this.#decide,
      models: this.#models,
      ledger: this.#ledger,
      adapters,
    };
    this.#unsubscribe = this.#listenToPage();
    this.ready = this.#becomeReady();
  }

  get status(): ClientStatus {
    return clientStatus(this.#decide(), {
      models: this.#models,
      flags: this.#flags,
      ledger: this.#ledger,
      haveFlagsAnswered: this.#haveFlagsAnswered,
    });
  }

  predict(input: object, options: PredictOptions = {}): Promise<Prediction> {
    return predictRow(input, options, this.#predictor);
  }

  async *predictMany(inputs: Iterable<object>, options?: PredictOptions) {
    for (const input of inputs) yield await this.predict(input, options);
  }

  explain(prediction: Prediction) {
    return explainPrediction(prediction, this.#predictor);
  }

  recordOutcome(id: string, value: number, options: { observedAt?: number } = {}): Promise<void> {
    if (!Number.isFinite(value))
      return Promise.reject(new TypeError(`An outcome is a finite number, not ${value}`));
    return this.#ledger.recordOutcome(id, value, options.observedAt ?? this.#adapters.nowMs());
  }

  track(name: string, details: Record<string, string | number | boolean> = {}): void {
    this.#flags.client.track(name, details);
    const detail = JSON.stringify({ name, ...details }).slice(0, 1000);
    this.#incident('track', this.#models.active()?.manifest.version ?? null, detail);
  }

  setContext(context: ClientContext): Promise<void> {
    return this.#flags.setContext(context);
  }

  setConsent(consent: Consent): Promise<void> {
    return this.#ledger.setConsent(consent);
  }

  flush() {
    return this.#ledger.flush();
  }

  onChange(listener: (status: ClientStatus) => void): () => void {
    return this.#listeners.add(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const leave of this.#unsubscribe) leave();
    await this.#flags.dispose();
    this.#models.dispose();
    await this.#ledger.dispose();
    this.#close();
  }

  async #becomeReady(): Promise<void> {
    await Promise.allSettled([this.#flags.ready, this.#ledger.opening()]);
    this.#haveFlagsAnswered = true;
    this.#followFlags();
    await this.#models.settled();
    this.#listeners.changed();
  }

  /** Called back while the constructor still runs, before there is anything to decide with. */
  #followFlags(): void {
    if (!this.#decide) return;
    this.#sendOnContact();
    this.#models.follow(this.#decide().flag);
    this.#listeners.changed();
  }

  /** Flags from the server say that it is back: what waits for its next try need not. */
  #sendOnContact(): void {
    const { confirmedAt } = this.#flags.status();
    if (confirmedAt === this.#lastContact) return;
    this.#lastContact = confirmedAt;
    if (this.#ledger.status().outbox.lastError !== null) this.#ledger.wake();
  }

  #seeFlagsVersion(version: number): void {
    if (this.#decide().configVersion !== version) this.#flags.refetch(String(version));
  }

  #incident(kind: 'integrity' | 'runtime' | 'track', version: string | null, detail: string): void {
    this.#ledger.note({ type: 'incident', at: this.#adapters.nowMs(), kind, version, detail });
  }

  #expose(flag: string, variant: string): void {
    const version = this.#models.active()?.manifest.version ?? null;
    this.#ledger.note({ type: 'exposure', at: this.#adapters.nowMs(), flag, variant, version });
  }

  #listenToPage(): (() => void)[] {
    const { page } = this.#adapters;
    const wake = () => {
      this.#ledger.wake();
      this.#models.retryNow();
    };
    return [
      page.on('hidden', () => void this.#ledger.hide()),
      page.on('visible', wake),
      page.on('online', wake),
    ];
  }
}

/** Without a trailing slash; a path alone is this page's origin. */
function absolute(endpoint: string): string {
  const base = typeof location === 'undefined' ? undefined : location.href;
  return new URL(endpoint, base).href.replace(/\/$/, '');
}
