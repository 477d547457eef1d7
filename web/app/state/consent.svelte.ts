import type { Consent } from '../../sdk/main.ts';
import type { KeyValue } from './page-storage.ts';

const CONSENT_KEY = 'edgewise.consent';
const TARGETING_KEY = 'edgewise.targeting-key';

/**
 * The reader's one answer to whether predictions may be sent home, and the random key that says
 * which version this browser gets. Refusing forgets the key: the next one lasts until the tab closes.
 */
export class ConsentState {
  readonly #storage: KeyValue;
  #consent = $state.raw<Consent>('pending');

  constructor(storage: KeyValue) {
    this.#storage = storage;
    const kept = storage.getItem(CONSENT_KEY);
    if (kept === 'granted' || kept === 'denied') this.#consent = kept;
  }

  get value(): Consent {
    return this.#consent;
  }

  get targetingKey(): string {
    const kept = this.#storage.getItem(TARGETING_KEY);
    if (kept) return kept;
    const made = crypto.randomUUID();
    if (this.#consent !== 'denied') this.#storage.setItem(TARGETING_KEY, made);
    return made;
  }

  decide(consent: 'granted' | 'denied'): void {
    this.#consent = consent;
    this.#storage.setItem(CONSENT_KEY, consent);
    if (consent === 'denied') this.#storage.removeItem(TARGETING_KEY);
  }
}
