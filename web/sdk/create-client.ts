import type { IncidentEvent } from '../../shared/contracts/telemetry.ts';
import type { InputDefinition, RowOf } from '../../shared/use-case/row-type.ts';
import type { TaskDefinition } from '../../shared/use-case/task-type.ts';
import { type ChangeListeners, createChangeListeners } from './client/change-listeners.ts';
import { type ClientParts, clientParts } from './client/client-parts.ts';
import { clientStatus } from './client/client-status.ts';
import { createFlagReader } from './flags/flag-reader.ts';
import { explainPrediction } from './predict/explain.ts';
import { outcomeValue } from './predict/outcome-value.ts';
import { predictRow } from './predict/predictor.ts';
import type {
  Client,
  ClientContext,
  ClientOptions,
  ClientStatus,
  Consent,
  Prediction,
  PredictOptions,
} from './types.ts';

/** The last moment that a date can name. */
const LATEST_MS = 8.64e15;

/** A client for one use case: flags, model, fallback and telemetry behind one `predict`. */
export function createClient<
  const Inputs extends readonly InputDefinition[],
  const T extends TaskDefinition,
>(options: ClientOptions<Inputs, T>): Client<RowOf<Inputs>, T> {
  const client: Client = new EdgewiseClient(options as unknown as ClientOptions);
  return client as unknown as Client<RowOf<Inputs>, T>;
}

class EdgewiseClient implements Client {
  readonly ready: Promise<void>;
  readonly flag: Client['flag'];
  readonly #parts: ClientParts;
  readonly #listeners: ChangeListeners<ClientStatus>;
  readonly #unsubscribe: (() => void)[];
  #haveFlagsAnswered = false;
  #lastContact: number | null = null;

  constructor(options: ClientOptions) {
    this.#listeners = createChangeListeners(() => this.status);
    this.#parts = clientParts(options, {
      onChange: this.#listeners.changed,
      onFlags: () => this.#followFlags(),
      onFlagsVersion: (version) => this.#parts.flags.hear(version),
      onIncident: (kind, version, detail) => this.#incident(kind, version, detail),
    });
    this.flag = createFlagReader(this.#parts.flags.client, (flag, variant) =>
      this.#expose(flag, variant),
    );
    this.#unsubscribe = this.#listenToPage();
    this.ready = this.#becomeReady();
  }

  get status(): ClientStatus {
    const haveFlagsAnswered = this.#haveFlagsAnswered;
    return clientStatus(this.#parts.decide(), { ...this.#parts, haveFlagsAnswered });
  }

  predict(input: object, options: PredictOptions = {}): Promise<Prediction> {
    return predictRow(input, options, this.#parts.predictor);
  }

  async *predictMany(inputs: Iterable<object>, options?: PredictOptions) {
    for (const input of inputs) yield await this.predict(input, options);
  }

  explain(prediction: Prediction) {
    return explainPrediction(prediction, this.#parts.predictor);
  }

  async recordOutcome(
    id: string,
    told: number | string,
    options: { observedAt?: number } = {},
  ): Promise<void> {
    const { shadow, ledger, predictor, adapters } = this.#parts;
    const value = outcomeValue(predictor.useCase, told);
    const observedAt = options.observedAt ?? adapters.nowMs();
    if (!(typeof observedAt === 'number' && observedAt >= 0 && observedAt <= LATEST_MS))
      throw new TypeError(`observedAt is Unix milliseconds, not ${observedAt}`);
    await shadow.answered(id);
    await ledger.recordOutcome(id, value, observedAt);
  }

  track(name: string, details: Record<string, string | number | boolean> = {}): void {
    this.#parts.flags.client.track(name, details);
    // The name first, so that what is cut off is not the name; and last, so that no detail takes its place.
    const detail = JSON.stringify(Object.assign({ name }, details, { name })).slice(0, 1000);
    this.#incident('track', this.#parts.models.active()?.manifest.version ?? null, detail);
  }

  setContext(context: ClientContext): Promise<void> {
    return this.#parts.flags.setContext(context);
  }

  setConsent(consent: Consent): Promise<void> {
    return this.#parts.ledger.setConsent(consent);
  }

  flush() {
    return this.#parts.ledger.flush();
  }

  onChange(listener: (status: ClientStatus) => void): () => void {
    return this.#listeners.add(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const leave of this.#unsubscribe) leave();
    await this.#parts.flags.dispose();
    this.#parts.models.dispose();
    this.#parts.shadow.dispose();
    await this.#parts.ledger.dispose();
    this.#parts.storage.close();
  }

  async #becomeReady(): Promise<void> {
    await Promise.allSettled([this.#parts.flags.ready, this.#parts.ledger.opening()]);
    this.#haveFlagsAnswered = true;
    this.#followFlags();
    await this.#parts.models.settled();
    this.#listeners.changed();
  }

  #followFlags(): void {
    this.#sendOnContact();
    const { flag } = this.#parts.decide();
    this.#parts.models.follow(flag);
    this.#parts.shadow.follow(flag);
    this.#listeners.changed();
  }

  /** Flags from the server say that it is back: what waits for its next try need not. */
  #sendOnContact(): void {
    const { confirmedAt } = this.#parts.flags.status();
    if (confirmedAt === this.#lastContact) return;
    this.#lastContact = confirmedAt;
    if (this.#parts.ledger.status().outbox.lastError !== null) this.#parts.ledger.wake();
    this.#parts.models.networkIsBack();
  }

  #incident(kind: IncidentEvent['kind'], version: string | null, detail: string): void {
    this.#parts.ledger.note({
      type: 'incident',
      at: this.#parts.adapters.nowMs(),
      kind,
      version,
      detail,
    });
  }

  #expose(flag: string, variant: string): void {
    const version = this.#parts.models.active()?.manifest.version ?? null;
    this.#parts.ledger.note({
      type: 'exposure',
      at: this.#parts.adapters.nowMs(),
      flag,
      variant,
      version,
    });
  }

  #listenToPage(): (() => void)[] {
    const { page } = this.#parts.adapters;
    const wake = () => {
      this.#parts.ledger.wake();
      this.#parts.models.networkIsBack();
    };
    return [
      page.on('hidden', () => void this.#parts.ledger.hide()),
      page.on('visible', wake),
      page.on('online', wake),
    ];
  }
}
