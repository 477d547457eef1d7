import { type TrendCrossing, trendCrossing } from '../series/trend-crossing.ts';
import type { ModelPerformance } from './model-performance.ts';

/** A figure and the limit that it must not get worse than. */
export type Gate = { name: string; limit: number };

/** When a figure's trend over the chunks reaches its gate; times are rows of the file, slopes are a row. */
export type GateForecast = Gate & { worse: 'up' | 'down'; crossing: TrendCrossing | null };

const ALPHA = 0.05;

/**
 * When does a figure cross its gate, if it goes on as it does? `trendCrossing` of the chunks' values at their middle
 * row, by their number of rows.
 * @returns null where there is no such figure; its `crossing` is null with fewer than three chunks
 */
export function forecastGate(
  { overall, chunks }: Pick<ModelPerformance, 'overall' | 'chunks'>,
  { name, limit }: Gate,
): GateForecast | null {
  const figure = overall.find((metric) => metric.name === name);
  if (!figure) return null;
  const worse = figure.better === 'higher' ? 'down' : 'up';
  let before = 0;
  const points = chunks.flatMap(({ n, metrics }) => {
    const at = before + n / 2;
    before += n;
    const metric = metrics.find((other) => other.name === name);
    return metric ? [{ at, value: metric.value, weight: n }] : [];
  });
  return { name, limit, worse, crossing: trendCrossing(points, { limit, worse, alpha: ALPHA }) };
}
