import type { Locks } from '../adapters.ts';

/** 32 random bits: ids of devices and writers must not repeat across tabs that start together. */
export function cryptoRng(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] / 2 ** 32;
}

/** Web Locks; a holder that was frozen keeps its lock, so nobody waits for ever. */
export function webLocks(): Locks {
  return {
    async withLock(name, timeoutMs, work) {
      if (!globalThis.navigator?.locks) return work();
      const signal = AbortSignal.timeout(timeoutMs);
      let isGranted = false;
      try {
        return await navigator.locks.request(name, { signal }, () => {
          isGranted = true;
          return work();
        });
      } catch (error) {
        if (isGranted || !signal.aborted) throw error;
        return work();
      }
    },
  };
}
