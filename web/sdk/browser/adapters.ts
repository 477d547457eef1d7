import type { Adapters, PageEvents } from '../adapters.ts';
import { spawnWorkerSession } from '../inference/worker-session.ts';
import { indexedDbStorage } from '../storage/indexed-db.ts';
import { cryptoRng, webLocks } from './locks.ts';

/** The surroundings of a page or worker; each is looked for when it is used, none is required. */
export function browserAdapters(): Adapters {
  return {
    storage: indexedDbStorage,
    inference: spawnWorkerSession,
    locks: webLocks(),
    eventSource: typeof EventSource === 'undefined' ? null : (url: string) => new EventSource(url),
    fetch: (input, init) => fetch(input, init),
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    rng: cryptoRng,
    localStorage: tolerantLocalStorage(),
    page: pageEvents(),
  };
}

/** localStorage throws where it is switched off and where it is full; neither is worth a failure. */
function tolerantLocalStorage(): Adapters['localStorage'] {
  const attempt = <T>(work: (storage: Storage) => T): T | null => {
    try {
      return typeof localStorage === 'undefined' ? null : work(localStorage);
    } catch {
      return null;
    }
  };
  return {
    getItem: (key) => attempt((storage) => storage.getItem(key)),
    setItem: (key, value) => void attempt((storage) => storage.setItem(key, value)),
    removeItem: (key) => void attempt((storage) => storage.removeItem(key)),
  };
}

function pageEvents(): PageEvents {
  return {
    on(event, listener) {
      const leave: (() => void)[] = [];
      const listen = (target: EventTarget, name: string, call: () => void) => {
        target.addEventListener(name, call);
        leave.push(() => target.removeEventListener(name, call));
      };
      // Outside a browser the global object is no event target.
      const hasEvents = typeof globalThis.addEventListener === 'function';
      if (hasEvents && event === 'online') listen(globalThis, 'online', listener);
      if (hasEvents && event === 'hidden') listen(globalThis, 'pagehide', listener);
      if (event !== 'online' && typeof document !== 'undefined')
        listen(document, 'visibilitychange', () => {
          if (document.visibilityState === event) listener();
        });
      return () => {
        for (const stop of leave) stop();
      };
    },
  };
}
