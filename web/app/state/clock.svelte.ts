/** The time of day as state, for "4 s ago". */
export class Clock {
  #now = $state.raw(Date.now());

  get now(): number {
    return this.#now;
  }

  /** Ticks until the returned function is called. */
  run(everyMs: number): () => void {
    const timer = setInterval(() => {
      this.#now = Date.now();
    }, everyMs);
    return () => clearInterval(timer);
  }
}
