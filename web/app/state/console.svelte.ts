import type { RolloutStrategy } from '../../../shared/contracts/declaration.ts';
import type { AuditEntry, LiveMessage, ModelView } from '../../../shared/contracts/registry.ts';
import type { Result } from '../../../shared/core/result.ts';
import { followLive } from '../api/live.ts';
import { type ApiFailure, RegistryClient } from '../api/registry-client.ts';
import type { ConsoleSession } from './console-session.svelte.ts';
import { ModelConsole } from './model-console.svelte.ts';

const SAMPLE_EVERY_MS = 2000;
/** Bursts of messages reread the registry once. */
const SETTLE_MS = 300;

/** What the operator's page works with for as long as its key is good. */
export class ConsoleState {
  readonly #session: ConsoleSession;
  readonly #key: string;
  readonly #registry: RegistryClient;
  #models = $state.raw<ModelView[]>([]);
  #selected = $state.raw<ModelConsole | null>(null);
  /** As the address names it. */
  #wanted: string | null = null;
  #audit = $state.raw<AuditEntry[]>([]);
  #isLive = $state.raw(false);
  #isLoaded = $state.raw(false);
  #problem = $state.raw<string | null>(null);
  #settling: ReturnType<typeof setTimeout> | undefined;

  constructor(session: ConsoleSession, key: string) {
    this.#session = session;
    this.#key = key;
    this.#registry = new RegistryClient(key);
  }

  get models(): readonly ModelView[] {
    return this.#models;
  }

  get selected(): ModelConsole | null {
    return this.#selected;
  }

  /** Newest first. */
  get audit(): readonly AuditEntry[] {
    return this.#audit;
  }

  /** Is the live stream open? */
  get isLive(): boolean {
    return this.#isLive;
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  get problem(): string | null {
    return this.#problem;
  }

  /** Loads, follows the stream and draws the chart until the returned function is called. */
  run(): () => void {
    const stopLive = followLive(this.#key, {
      onOpen: () => {
        this.#isLive = true;
        this.#problem = null;
        void this.#loadAll();
      },
      onBreak: () => {
        this.#isLive = false;
        // Says why: a session that has ended, or a server out of reach.
        void (this.#isLoaded ? this.#loadModels() : this.#loadAll());
      },
      onMessage: (message) => this.#receive(message),
    });
    const timer = setInterval(() => this.#selected?.sample(Date.now()), SAMPLE_EVERY_MS);
    return () => {
      stopLive();
      clearInterval(timer);
      clearTimeout(this.#settling);
    };
  }

  /** Shows that model, or the first one for null. */
  async show(model: string | null): Promise<void> {
    this.#wanted = model;
    if (this.#isLoaded) await this.#select();
  }

  async #select(): Promise<void> {
    const wanted = this.#wanted ?? this.#models[0]?.model ?? null;
    if (this.#selected?.id === wanted) return;
    const isKnown = this.#models.some(({ model }) => model === wanted);
    if (wanted === null || !isKnown) {
      this.#selected = null;
      return;
    }
    const selected = new ModelConsole(wanted, this.#registry, (failure) => this.#fail(failure));
    this.#selected = selected;
    await selected.load();
    selected.sample(Date.now());
  }

  rollOut = (version: string, strategy: RolloutStrategy) =>
    this.#command((model) => this.#registry.rollOut(model, { version, strategy }));
  rollBack = () => this.#command((model) => this.#registry.rollBack(model));
  promote = () => this.#command((model) => this.#registry.promote(model));
  /** 0 lifts it. */
  silence = (rule: string, durationMs: number) =>
    this.#command((model) => this.#registry.silence(model, { rule, durationMs, why: '' }));
  setEnabled = (mlEnabled: boolean) =>
    this.#command((model) => this.#registry.changeSettings(model, { mlEnabled }));
  setTraffic = (trafficPercentage: number) =>
    this.#command((model) => this.#registry.changeSettings(model, { trafficPercentage }));
  setFallbackOnError = (fallbackOnError: boolean) =>
    this.#command((model) => this.#registry.changeSettings(model, { fallbackOnError }));
  retrain = () => this.#command((model) => this.#registry.retrain(model));

  dismissProblem(): void {
    this.#problem = null;
  }

  async #command<T>(send: (model: string) => Promise<Result<T, ApiFailure>>): Promise<void> {
    const { selected } = this;
    if (!selected) return;
    this.#problem = null;
    const answer = await send(selected.id);
    if (!answer.ok) this.#fail(answer.error);
    await Promise.all([selected.loadRegistry(), this.#loadModels(), this.#loadAudit()]);
  }

  #receive(message: LiveMessage): void {
    this.#selected?.receive(message);
    if (message.type === 'summary') return;
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      void this.#selected?.loadRegistry();
      void this.#loadModels();
      void this.#loadAudit();
    }, SETTLE_MS);
  }

  async #loadAll(): Promise<void> {
    await Promise.all([this.#loadModels(), this.#loadAudit(), this.#selected?.load()]);
    this.#isLoaded = true;
    await this.#select();
  }

  async #loadModels(): Promise<void> {
    const answer = await this.#registry.models();
    if (!answer.ok) return this.#fail(answer.error);
    this.#models = answer.value.models;
    // The first of a workspace that had none, or one that an address named before it was published.
    if (this.#isLoaded && !this.#selected) await this.#select();
  }

  async #loadAudit(): Promise<void> {
    const answer = await this.#registry.audit();
    if (answer.ok) this.#audit = answer.value.entries;
    else this.#fail(answer.error);
  }

  #fail(failure: ApiFailure): void {
    if (failure.reason === 'unauthorised')
      this.#session.close('The session has ended. Please enter the secret key again.');
    else this.#problem = failure.detail;
  }
}
