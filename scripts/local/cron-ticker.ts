import { MINUTE_MS } from '../../shared/core/time.ts';
import { cronMatches } from '../../shared/decide/cron.ts';

/** A timer may end a hair before the wall clock's minute does. */
const LATE_MS = 20;

/**
 * Calls `fire` at the start of each minute with every expression that matches it: wrangler dev
 * fires no cron trigger by itself.
 * @returns stops it
 */
export function startCronTicker(
  crons: readonly string[],
  fire: (cron: string) => void,
): () => void {
  let timer: NodeJS.Timeout;
  const schedule = () => {
    timer = setTimeout(tick, MINUTE_MS - (Date.now() % MINUTE_MS) + LATE_MS);
  };
  const tick = () => {
    const nowMs = Date.now();
    for (const cron of crons) if (cronMatches(cron, nowMs)) fire(cron);
    schedule();
  };
  schedule();
  return () => clearTimeout(timer);
}

/** Runs the edge Worker's scheduled handler as the platform would; says so when it fails. */
export async function fireCron(url: string, cron: string): Promise<void> {
  const expression = cron.replaceAll(' ', '+');
  try {
    const response = await fetch(`${url}/cdn-cgi/handler/scheduled?cron=${expression}`);
    if (!response.ok) console.error(`Cron ${cron} answered ${response.status}.`);
  } catch (error) {
    console.error(`Cron ${cron} did not run: ${String(error)}`);
  }
}
