/** Where a prediction, its interval and the ticks of its axis stand, as shares of the axis in [0, 1]. */
export type Band = {
  domain: [number, number];
  ticks: { value: number; at: number }[];
  value: number;
  interval: [number, number] | null;
};

type BandInput = {
  value: number;
  interval: readonly [number, number] | null;
  /** The target's declared range. */
  range: readonly [number, number];
};

/** An axis wider than this many intervals would leave the interval a sliver. */
const WIDEST = 6;

/**
 * Lays out an axis for one prediction: the target's whole range when the interval is legible on it,
 * else a window around the interval that starts and ends on a tick.
 */
export function layOutBand({ value, interval, range }: BandInput): Band {
  const low = Math.min(value, interval?.[0] ?? value);
  const high = Math.max(value, interval?.[1] ?? value);
  const spread = Math.max(high - low, (range[1] - range[0]) / 20);
  const isLegible = range[1] - range[0] <= WIDEST * spread;
  const from = isLegible ? Math.min(range[0], low) : low - spread;
  const to = isLegible ? Math.max(range[1], high) : high + spread;
  const step = tickStep(from, to);
  const domain: [number, number] = [
    Math.floor(from / step + 1e-9) * step,
    Math.ceil(to / step - 1e-9) * step,
  ];
  const at = (x: number) => (x - domain[0]) / (domain[1] - domain[0]);
  const steps = Math.round((domain[1] - domain[0]) / step);
  return {
    domain,
    ticks: Array.from({ length: steps + 1 }, (_, i) => {
      const tick = domain[0] + i * step;
      return { value: tick, at: at(tick) };
    }),
    value: at(value),
    interval: interval && [at(interval[0]), at(interval[1])],
  };
}

/** The smallest of 1, 2, 5 times a power of ten that gives at most six steps. */
function tickStep(from: number, to: number): number {
  const rough = (to - from) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  for (const factor of [1, 2, 5]) if (factor * power >= rough) return factor * power;
  return 10 * power;
}
