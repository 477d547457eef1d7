/** One group's decisions by threshold: counts of those above it. */
type Counts = { truePositives: number; falsePositives: number };

/** A row is yes where its score is above the threshold. */
export type TradeoffPoint = { x: number; y: number; threshold: number };

/** With chance p0 a row is yes above threshold0, else above threshold1. */
export type Mixed = { y: number; p0: number; threshold0: number; p1: number; threshold1: number };

export type GroupSize = { positives: number; negatives: number };
export type CountRate = (counts: Counts, size: GroupSize) => number;

/**
 * The upper convex hull of what thresholds on a score give: (x, y) from nobody above the threshold to everybody,
 * thresholds midway between neighbouring scores (of equals, none), mixtures of two in between.
 * @param scores any finite numbers; truth 0 or 1; at least one row of each
 * @returns points with x growing
 * Cost: sorting. Source: Hardt, Price and Srebro, Equality of opportunity in supervised learning (2016); Andrew's
 * monotone chain. Reference implementation: Fairlearn 0.10.0, _tradeoff_curve(flip=False).
 */
export function tradeoffHull(
  { scores, truth }: { scores: ArrayLike<number>; truth: ArrayLike<number> },
  rates: { x: CountRate; y: CountRate },
): TradeoffPoint[] {
  const order = Array.from(scores, (_, i) => i).sort((i, j) => scores[j] - scores[i]);
  const positives = order.reduce((sum, i) => sum + truth[i], 0);
  const size = { positives, negatives: order.length - positives };
  const counts = { truePositives: 0, falsePositives: 0 };
  const points: TradeoffPoint[] = [];
  const add = (threshold: number): void => {
    points.push({ x: rates.x(counts, size), y: rates.y(counts, size), threshold });
  };
  add(Number.POSITIVE_INFINITY);
  for (let at = 0; at < order.length; ) {
    const score = scores[order[at]];
    for (; at < order.length && scores[order[at]] === score; at++)
      counts[truth[order[at]] === 1 ? 'truePositives' : 'falsePositives']++;
    const isLast = at === order.length;
    add(isLast ? Number.NEGATIVE_INFINITY : (score + scores[order[at]]) / 2);
  }
  return hullOf(points.sort((a, b) => a.x - b.x || a.y - b.y));
}

function hullOf(points: readonly TradeoffPoint[]): TradeoffPoint[] {
  const hull: TradeoffPoint[] = [];
  for (const next of points) {
    while (hull.length >= 2 && !isAbove(hull[hull.length - 1], hull[hull.length - 2], next))
      hull.pop();
    hull.push(next);
  }
  return hull;
}

const isAbove = (middle: TradeoffPoint, first: TradeoffPoint, next: TradeoffPoint): boolean =>
  (middle.y - first.y) * (next.x - first.x) > (next.y - first.y) * (middle.x - first.x);

/** The mixture of two neighbours on the hull whose x is the given one, in [0, 1]. */
export function mixedAt(hull: readonly TradeoffPoint[], x: number): Mixed {
  let at = hull.length - 1;
  while (at > 0 && hull[at].x > x) at--;
  if (at > 0 && hull[at].x === x && x > 0) at--;
  const [left, right] = [hull[at], hull[at + 1]];
  const p0 = (right.x - x) / (right.x - left.x);
  const p1 = 1 - p0;
  return {
    y: p0 * left.y + p1 * right.y,
    ...{ p0, threshold0: left.threshold, p1, threshold1: right.threshold },
  };
}
