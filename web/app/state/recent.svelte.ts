import { MOST_RECENT, parseRecent, type RecentPrediction } from '../text/recent.ts';
import type { KeyValue } from './page-storage.ts';

/** Predictions of one use case that await their outcome; kept between visits once that is allowed. */
export class RecentState {
  readonly #key: string;
  readonly #storage: KeyValue;
  readonly #mayKeep: () => boolean;
  #items = $state.raw<RecentPrediction[]>([]);

  constructor(useCase: string, storage: KeyValue, mayKeep: () => boolean) {
    this.#key = `edgewise.recent.${useCase}`;
    this.#storage = storage;
    this.#mayKeep = mayKeep;
    this.reload();
  }

  /** Newest first. */
  get items(): readonly RecentPrediction[] {
    return this.#items;
  }

  /** Takes over what another tab kept. */
  reload(): void {
    if (this.#mayKeep()) this.#items = parseRecent(this.#storage.getItem(this.#key));
  }

  add(prediction: RecentPrediction): void {
    this.#keep([prediction, ...this.#items].slice(0, MOST_RECENT));
  }

  remove(id: string): void {
    this.#keep(this.#items.filter((item) => item.id !== id));
  }

  /** After the reader's decision: what is in memory is now kept, or forgotten. */
  settle(): void {
    if (this.#mayKeep()) this.#keep(this.#items);
    else {
      this.#items = [];
      this.#storage.removeItem(this.#key);
    }
  }

  #keep(items: RecentPrediction[]): void {
    this.#items = items;
    if (this.#mayKeep()) this.#storage.setItem(this.#key, JSON.stringify(items));
  }
}
