import type { Rng } from '../../../shared/core/rng.ts';
import { MINUTE_MS, SECOND_MS } from '../../../shared/core/time.ts';

const FIRST_MS = 2 * SECOND_MS;
const MAX_MS = 5 * MINUTE_MS;

/** Later each time, with full jitter above a floor. */
export class RetryTimer {
  readonly #rng: Rng;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  schedule(work: () => void): void {
    const ceilingMs = Math.min(MAX_MS, FIRST_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.cancel();
    this.#timer = setTimeout(work, FIRST_MS / 4 + this.#rng() * ceilingMs);
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }

  /** What comes next has not failed yet. */
  reset(): void {
    this.cancel();
    this.#failures = 0;
  }
}
