import { findUseCase, useCases } from '../../../models/registry.ts';
import { requestBackgroundSync } from './background-sync.ts';
import { ConsentState } from './consent.svelte.ts';
import { pageStorage } from './page-storage.ts';
import { Router } from './router.svelte.ts';
import { UseCaseSession } from './use-case-session.svelte.ts';

/** The app's own state: where the reader is, what they allowed, and a session a use case. */
export class AppState {
  readonly router = new Router();
  readonly consent = new ConsentState(pageStorage(() => localStorage));
  readonly #sessions = new Map<string, UseCaseSession>();

  /** The session of that use case (the first one for null), made when it is first looked at. */
  sessionOf(id: string | null): UseCaseSession | null {
    const useCase = id === null ? useCases[0] : findUseCase(id);
    if (!useCase) return null;
    const known = this.#sessions.get(useCase.id);
    if (known) return known;
    const made = new UseCaseSession(useCase, this.consent);
    this.#sessions.set(useCase.id, made);
    return made;
  }

  /** Events of every use case that have not been acknowledged. */
  get waiting(): number {
    let waiting = 0;
    for (const session of this.#sessions.values()) waiting += session.edge.status.outbox.waiting;
    return waiting;
  }

  /** Leaves what waits to the browser whenever the page goes out of sight; returns the way out. */
  sendInBackground(): () => void {
    const onChange = () => {
      if (document.visibilityState === 'hidden' && this.waiting > 0) void requestBackgroundSync();
    };
    document.addEventListener('visibilitychange', onChange);
    return () => document.removeEventListener('visibilitychange', onChange);
  }

  async decideConsent(consent: 'granted' | 'denied'): Promise<void> {
    this.consent.decide(consent);
    for (const session of this.#sessions.values()) {
      await session.edge.client.setConsent(consent);
      session.recent.settle();
    }
  }
}
