/** Asks until the answer is there. Throws with the last answer when it never comes. */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  options: { timeoutMs?: number; everyMs?: number; last?: () => unknown } = {},
): Promise<T> {
  const deadline = Date.now() + (options.timeoutMs ?? 30_000);
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline)
      throw new Error(
        `Waited ${(options.timeoutMs ?? 30_000) / 1000} s for ${what}. ${JSON.stringify(options.last?.() ?? null)}`,
      );
    await new Promise((resolve) => setTimeout(resolve, options.everyMs ?? 100));
  }
}

export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));
