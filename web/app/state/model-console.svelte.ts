import type {
  AlertView,
  LiveMessage,
  ModelSummary,
  ModelView,
  RolloutView,
  RunView,
  SilenceView,
  VersionView,
} from '../../../shared/contracts/registry.ts';
import type { Result } from '../../../shared/core/result.ts';
import type { ApiFailure, RegistryClient } from '../api/registry-client.ts';
import { putById } from '../text/put-by-id.ts';
import { appendSample, type Sample } from '../text/samples.ts';

/** Everything the console shows of one model, kept current by the live stream. */
export class ModelConsole {
  readonly id: string;
  readonly #registry: RegistryClient;
  readonly #onFailure: (failure: ApiFailure) => void;
  #view = $state.raw<ModelView | null>(null);
  #versions = $state.raw<VersionView[]>([]);
  #rollouts = $state.raw<RolloutView[]>([]);
  #summary = $state.raw<ModelSummary | null>(null);
  #alerts = $state.raw<AlertView[]>([]);
  #runs = $state.raw<RunView[]>([]);
  #silences = $state.raw<SilenceView[]>([]);
  #samples = $state.raw<Sample[]>([]);
  #isLoaded = $state.raw(false);

  constructor(id: string, registry: RegistryClient, onFailure: (failure: ApiFailure) => void) {
    this.id = id;
    this.#registry = registry;
    this.#onFailure = onFailure;
  }

  get view(): ModelView | null {
    return this.#view;
  }

  /** Newest first. */
  get versions(): readonly VersionView[] {
    return this.#versions;
  }

  /** Newest first. */
  get rollouts(): readonly RolloutView[] {
    return this.#rollouts;
  }

  get summary(): ModelSummary | null {
    return this.#summary;
  }

  /** Firing first, then newest first. */
  get alerts(): readonly AlertView[] {
    return this.#alerts;
  }

  /** Rules that are left alone. */
  get silences(): readonly SilenceView[] {
    return this.#silences;
  }

  get runs(): readonly RunView[] {
    return this.#runs;
  }

  /** Predictions per minute since the page was opened. */
  get samples(): readonly Sample[] {
    return this.#samples;
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  async load(): Promise<void> {
    await Promise.all([this.loadRegistry(), this.#loadSummary(), this.#loadAlerts()]);
    this.#isLoaded = true;
  }

  /** What commands change: settings, versions, rollouts, runs, silences. */
  async loadRegistry(): Promise<void> {
    const { id } = this;
    const [view, versions, rollouts, runs, silences] = await Promise.all([
      this.#registry.model(id),
      this.#registry.versions(id),
      this.#registry.rollouts(id),
      this.#registry.runs(id),
      this.#registry.silences(id),
    ]);
    this.#take(view, (value) => {
      this.#view = value;
    });
    this.#take(versions, (value) => {
      this.#versions = value.versions;
    });
    this.#take(rollouts, (value) => {
      this.#rollouts = value.rollouts;
    });
    this.#take(runs, (value) => {
      this.#runs = value.runs;
    });
    this.#take(silences, (value) => {
      this.#silences = value.silences;
    });
  }

  receive(message: LiveMessage): void {
    if (message.type === 'refetchEvaluation' || message.model !== this.id) return;
    if (message.type === 'summary') this.#showSummary(message.summary);
    else if (message.type === 'alert')
      this.#alerts = sortAlerts(putById(this.#alerts, message.alert));
    else if (message.type === 'run') this.#runs = putById(this.#runs, message.run);
    else this.#rollouts = putById(this.#rollouts, message.rollout);
  }

  /** Takes a point of the chart. */
  sample(nowMs: number): void {
    if (this.#summary) this.#samples = appendSample(this.#samples, this.#summary, nowMs);
  }

  #showSummary(summary: ModelSummary): void {
    if (this.#summary && summary.revision < this.#summary.revision) return;
    this.#summary = summary;
  }

  async #loadSummary(): Promise<void> {
    this.#take(await this.#registry.summary(this.id), (value) => this.#showSummary(value));
  }

  async #loadAlerts(): Promise<void> {
    this.#take(await this.#registry.alerts(this.id), (value) => {
      this.#alerts = sortAlerts(value.alerts);
    });
  }

  #take<T>(answer: Result<T, ApiFailure>, use: (value: T) => void): void {
    if (answer.ok) use(answer.value);
    else this.#onFailure(answer.error);
  }
}

function sortAlerts(alerts: readonly AlertView[]): AlertView[] {
  const rank = (alert: AlertView) => (alert.status === 'firing' ? 0 : 1);
  return [...alerts].sort((a, b) => rank(a) - rank(b) || b.openedAt.localeCompare(a.openedAt));
}
