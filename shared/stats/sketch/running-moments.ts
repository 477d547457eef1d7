/** Count, mean, squared deviations, smallest and largest of a stream. Plain JSON but for an empty one. */
export type RunningMoments = { n: number; mean: number; squares: number; min: number; max: number };

export const createMoments = (): RunningMoments => ({
  n: 0,
  mean: 0,
  squares: 0,
  min: Infinity,
  max: -Infinity,
});

/** Adds a finite value in place (Welford 1962): right far from zero, where sums of squares cancel. */
export function addMoment(moments: RunningMoments, value: number): void {
  const difference = value - moments.mean;
  moments.n++;
  moments.mean += difference / moments.n;
  moments.squares += difference * (value - moments.mean);
  if (value < moments.min) moments.min = value;
  if (value > moments.max) moments.max = value;
}

/** Adds `from` to `into` in place (Chan, Golub and LeVeque 1979). Associative to rounding. */
export function mergeMoments(into: RunningMoments, from: RunningMoments): void {
  if (from.n === 0) return;
  const n = into.n + from.n;
  const difference = from.mean - into.mean;
  into.squares += from.squares + (difference * difference * into.n * from.n) / n;
  into.mean += (difference * from.n) / n;
  into.n = n;
  into.min = Math.min(into.min, from.min);
  into.max = Math.max(into.max, from.max);
}

/** Sums of products of deviations of two columns: what a correlation is made of, and merges. */
export type CoMoments = {
  n: number;
  meanX: number;
  meanY: number;
  xx: number;
  xy: number;
  yy: number;
};

export const createCoMoments = (): CoMoments => ({ n: 0, meanX: 0, meanY: 0, xx: 0, xy: 0, yy: 0 });

/** Adds a pair of finite values in place. */
export function addPair(moments: CoMoments, x: number, y: number): void {
  mergeCoMoments(moments, { n: 1, meanX: x, meanY: y, xx: 0, xy: 0, yy: 0 });
}

/** Adds `from` to `into` in place (Chan et al. 1979). */
export function mergeCoMoments(into: CoMoments, from: CoMoments): void {
  if (from.n === 0) return;
  const n = into.n + from.n;
  const dx = from.meanX - into.meanX;
  const dy = from.meanY - into.meanY;
  const weight = (into.n * from.n) / n;
  into.xx += from.xx + dx * dx * weight;
  into.xy += from.xy + dx * dy * weight;
  into.yy += from.yy + dy * dy * weight;
  into.meanX += (dx * from.n) / n;
  into.meanY += (dy * from.n) / n;
  into.n = n;
}

/** Pearson's correlation in [-1, 1]; null for fewer than two pairs or a constant column. */
export function correlationOf({ n, xx, xy, yy }: CoMoments): number | null {
  if (n < 2 || xx <= 0 || yy <= 0) return null;
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}
