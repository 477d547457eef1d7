import { type Client, UnknownPredictionError } from '../../sdk/main.ts';
import type { RecentState } from './recent.svelte.ts';

/** An outcome that was just told, against what had been predicted. */
export type Told = { id: string; predicted: number; value: number };

/** Takes down what really happened. */
export class OutcomesState {
  readonly #client: Client<Record<string, unknown>>;
  readonly #recent: RecentState;
  #told = $state.raw<Told | null>(null);
  #problem = $state.raw<string | null>(null);

  constructor(client: Client<Record<string, unknown>>, recent: RecentState) {
    this.#client = client;
    this.#recent = recent;
  }

  get told(): Told | null {
    return this.#told;
  }

  get problem(): string | null {
    return this.#problem;
  }

  /** Safe on this device when it resolves, with or without a network. */
  async tell(id: string, predicted: number, value: number): Promise<void> {
    this.#problem = null;
    try {
      await this.#client.recordOutcome(id, value);
      this.#told = { id, predicted, value };
    } catch (error) {
      if (!(error instanceof UnknownPredictionError)) throw error;
      this.#problem =
        'This browser no longer holds that prediction, so it cannot be answered here.';
    }
    this.#recent.remove(id);
  }
}
