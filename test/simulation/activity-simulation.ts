import { normal, type Rng } from '../../shared/core/rng.ts';
import { DAY_MS, HOUR_MS } from '../../shared/core/time.ts';
import type { ActivityHour } from '../../shared/decide/activity-series.ts';

export type SimulatedActivity = {
  days: number;
  /** Predictions an hour, averaged over the week. */
  mean: number;
  /** Share of answers that fall back, and the mean of the loss, an exponential. */
  fallbackRate: number;
  loss: number;
  /** What happens in an hour: 1 as usual. */
  change?: (hour: number) => { traffic?: number; fallbacks?: number; loss?: number };
};

/** Poisson traffic with a day four times as busy as its night, and half of it at week-ends. */
export function simulateActivity(
  { days, mean, fallbackRate, loss, change = () => ({}) }: SimulatedActivity,
  rng: Rng,
): ActivityHour[] {
  const hours: ActivityHour[] = [];
  for (let hour = 0; hour < days * 24; hour++) {
    const now = change(hour);
    const answers = poisson(mean * seasonAt(hour) * (now.traffic ?? 1), rng);
    const fallbacks = binomial(answers, fallbackRate * (now.fallbacks ?? 1), rng);
    const scale = loss * (now.loss ?? 1);
    const sums = { n: 0, sum: 0, sumSquares: 0 };
    for (let i = 0; i < Math.min(200, answers - fallbacks); i++) {
      const one = -scale * Math.log(1 - rng());
      sums.n++;
      sums.sum += one;
      sums.sumSquares += one * one;
    }
    if (answers === 0) continue;
    const counts = { predictions: answers, answers, fallbacks, loss: sums };
    hours.push({ hourMs: hour * HOUR_MS, version: '1.0.0', ...counts });
  }
  return hours;
}

function seasonAt(hour: number): number {
  const ofDay = 1 - 0.6 * Math.cos((2 * Math.PI * (hour % 24)) / 24);
  const day = Math.floor((hour * HOUR_MS) / DAY_MS) % 7;
  return ofDay * (day >= 5 ? 0.58 : 1.17);
}

function poisson(mean: number, rng: Rng): number {
  if (mean > 1000) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(rng)));
  let [k, product] = [0, rng()];
  for (const limit = Math.exp(-Math.min(mean, 500)); product > limit; k++) product *= rng();
  return mean > 500 ? k + poisson(mean - 500, rng) : k;
}

function binomial(n: number, p: number, rng: Rng): number {
  let k = 0;
  for (let i = 0; i < n; i++) if (rng() < p) k++;
  return k;
}
