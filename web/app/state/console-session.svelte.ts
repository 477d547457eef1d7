import { exchangeCode, RegistryClient } from '../api/registry-client.ts';
import { pageStorage } from './page-storage.ts';

const STORAGE_KEY = 'edgewise.console-key';

/** The operator's key, held for this tab and nowhere else. */
export class ConsoleSession {
  readonly #storage = pageStorage(() => sessionStorage);
  #key = $state.raw<string | null>(this.#storage.getItem(STORAGE_KEY));
  #problem = $state.raw<string | null>(null);
  #isOpening = $state.raw(false);

  get key(): string | null {
    return this.#key;
  }

  get problem(): string | null {
    return this.#problem;
  }

  get isOpening(): boolean {
    return this.#isOpening;
  }

  /** Checks a secret key against the server before it is kept. */
  async open(key: string): Promise<void> {
    this.#isOpening = true;
    const answer = await new RegistryClient(key).models();
    this.#isOpening = false;
    if (answer.ok) this.#keep(key);
    else if (answer.error.reason === 'unauthorised')
      this.#problem = 'That key does not open the console. It takes the secret key, sk_…';
    else this.#problem = answer.error.detail;
  }

  /** Uses a console link's code and takes it out of the address, where it would be kept in history. */
  async openFromLink(): Promise<void> {
    const code = new URLSearchParams(location.hash.slice(1)).get('code');
    if (code === null) return;
    history.replaceState(null, '', location.pathname);
    this.#isOpening = true;
    const answer = await exchangeCode(code);
    this.#isOpening = false;
    if (answer.ok) this.#keep(answer.value.key);
    else if (this.#key === null)
      this.#problem = `${answer.error.detail} A console link works once; you can enter the secret key instead.`;
  }

  close(problem: string | null = null): void {
    this.#key = null;
    this.#problem = problem;
    this.#storage.removeItem(STORAGE_KEY);
  }

  #keep(key: string): void {
    this.#key = key;
    this.#problem = null;
    this.#storage.setItem(STORAGE_KEY, key);
  }
}
