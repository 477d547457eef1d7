import { MINUTE_MS } from '../../shared/core/time.ts';
import { cronMatches } from '../../shared/decide/cron.ts';

/**
 * Fires the edge Worker's cron triggers each minute they match: wrangler dev never does by itself.
 * @returns stops it
 */
export function startCronTicker(
  url: string,
  crons: readonly string[],
  onFailure: (message: string) => void,
): () => void {
  let timer: NodeJS.Timeout;
  const tick = () => {
    const nowMs = Date.now();
    for (const cron of crons.filter((expression) => cronMatches(expression, nowMs))) {
      fire(url, cron).catch((error) => onFailure(`Cron ${cron} did not run: ${error.message}`));
    }
    schedule();
  };
  const schedule = () => {
    timer = setTimeout(tick, MINUTE_MS - (Date.now() % MINUTE_MS));
  };
  schedule();
  return () => clearTimeout(timer);
}

async function fire(url: string, cron: string): Promise<void> {
  const expression = cron.replaceAll(' ', '+');
  const response = await fetch(`${url}/cdn-cgi/handler/scheduled?cron=${expression}`);
  if (!response.ok) throw new Error(`status ${response.status}`);
}
