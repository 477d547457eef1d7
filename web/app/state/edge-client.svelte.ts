import { publishableKey, trustedKeys } from 'virtual:pinned-settings';
import { clientUseCase, type UseCase } from '../../../shared/use-case/define-use-case.ts';
import { type Client, type ClientStatus, createClient } from '../../sdk/main.ts';
import { type Contact, contactOf } from '../text/contact.ts';
import { requestBackgroundSync } from './background-sync.ts';
import type { ConsentState } from './consent.svelte.ts';

/** A version that took over while the page was open. */
export type Switch = { from: string; to: string };

/** One use case's SDK client, with its status as state. */
export class EdgeClient {
  readonly client: Client<Record<string, unknown>>;
  #status = $state.raw<ClientStatus>()!;
  #lastLiveAt = $state.raw<number | null>(null);
  #switched = $state.raw<Switch | null>(null);

  constructor(useCase: UseCase, consent: ConsentState) {
    this.client = createClient({
      endpoint: location.origin,
      publishableKey,
      useCase: clientUseCase(useCase),
      trustedKeys,
      context: { targetingKey: consent.targetingKey },
      consent: consent.value,
    });
    this.#status = this.client.status;
    this.client.onChange((status) => this.#update(status));
  }

  get status(): ClientStatus {
    return this.#status;
  }

  /** The last change of version that has not been dismissed. */
  get switched(): Switch | null {
    return this.#switched;
  }

  contactAt(nowMs: number): Contact {
    return contactOf({ ...this.#status, lastLiveAt: this.#lastLiveAt }, nowMs);
  }

  dismissSwitch(): void {
    this.#switched = null;
  }

  #update(status: ClientStatus): void {
    const from = this.#status.model.version;
    const to = status.model.version;
    if (from !== null && to !== null && from !== to) this.#switched = { from, to };
    if (status.flags.live || this.#status.flags.live) this.#lastLiveAt = Date.now();
    // A closing tab has no time for it, so the browser is asked as soon as sending fails.
    const hasFailed = status.outbox.lastError !== null && this.#status.outbox.lastError === null;
    if (hasFailed && status.outbox.waiting > 0) void requestBackgroundSync();
    this.#status = status;
  }
}
