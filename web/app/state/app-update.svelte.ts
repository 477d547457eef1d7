/** The service worker behind this page: registers it and says when a newer one waits. */
export class AppUpdate {
  #waiting = $state.raw<ServiceWorker | null>(null);

  /** Is a newer version of the app installed and ready to take over? */
  get isReady(): boolean {
    return this.#waiting !== null;
  }

  async register(): Promise<void> {
    if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
    const registration = await registerWorker();
    if (!registration) return;
    this.#offer(registration);
    registration.addEventListener('updatefound', () => {
      const { installing } = registration;
      installing?.addEventListener('statechange', () => this.#offer(registration));
    });
  }

  /** Lets the waiting version take over and shows it. */
  apply(): void {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), {
      once: true,
    });
    this.#waiting?.postMessage({ type: 'SKIP_WAITING' });
  }

  /** A worker that waits beside an active one is an update; without one it is the first visit. */
  #offer(registration: ServiceWorkerRegistration): void {
    if (registration.active && registration.waiting) this.#waiting = registration.waiting;
  }
}

/** null where the browser allows this site no storage: then it allows no service worker. */
async function registerWorker(): Promise<ServiceWorkerRegistration | null> {
  try {
    return await navigator.serviceWorker.register('/service-worker.js');
  } catch (error) {
    if (error instanceof DOMException && error.name === 'SecurityError') return null;
    throw error;
  }
}
