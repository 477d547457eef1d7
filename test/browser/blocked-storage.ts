import type { BrowserContext } from 'playwright-core';

/** Every storage of the page throws as soon as it is named, as with cookies blocked. */
export function blockStorage(context: BrowserContext): Promise<unknown> {
  return context.addInitScript(() => {
    const denied = () => new DOMException('Access is denied for this document.', 'SecurityError');
    const get = () => {
      throw denied();
    };
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
      Object.defineProperty(globalThis, name, { get });
    for (const name of ['register', 'getRegistration'])
      Object.defineProperty(navigator.serviceWorker, name, {
        value: () => Promise.reject(denied()),
      });
  });
}
