import { runLoop } from '../boosting/run-loop.ts';

/**
 * Sums by position: entry 3 i is of gradients, 3 i + 1 of hessians, 3 i + 2 of rows. Positions are a
 * term's bins in the order in which a step may part them.
 */
export type StepSums = Float64Array;

export type StepOptions = {
  maxLeaves: number;
  minSamplesLeaf: number;
};

type Leaf = { from: number; to: number; gradient: number; hessian: number; cut: Cut | null };
type Cut = { at: number; gain: number; gradient: number; hessian: number };

const LEAST_HESSIAN = 1e-4;

/**
 * The step function of at most `maxLeaves` levels that follows the Newton steps -G / H best, cut by
 * cut (the leaf whose best cut gains most is cut next).
 * @param into by position; every entry is written
 * Cost: positions x leaves.
 */
export function fitSteps(sums: StepSums, options: StepOptions, into: Float64Array): void {
  const positions = sums.length / 3;
  const leaves = [createLeaf(sums, { from: 0, to: positions, options })];
  while (leaves.length < options.maxLeaves) {
    let best = -1;
    leaves.forEach(({ cut }, i) => {
      if (cut && cut.gain > (leaves[best]?.cut?.gain ?? 0)) best = i;
    });
    if (best < 0) break;
    const { from, to, cut } = leaves[best];
    leaves.splice(
      best,
      1,
      createLeaf(sums, { from, to: cut!.at, options }),
      createLeaf(sums, { from: cut!.at, to, options }),
    );
  }
  for (const { from, to, gradient, hessian } of leaves)
    into.fill(hessian > LEAST_HESSIAN ? -gradient / hessian : 0, from, to);
}

type Range = { from: number; to: number; options: StepOptions };

function createLeaf(sums: StepSums, range: Range): Leaf {
  const { from, to } = range;
  const total = runLoop(sumRange, range, sums);
  return { from, to, ...total, cut: runLoop(bestCut, { ...range, total }, sums) };
}

function sumRange({ from, to }: Range, sums: StepSums) {
  let gradient = 0;
  let hessian = 0;
  let count = 0;
  for (let i = from; i < to; i++) {
    gradient += sums[3 * i];
    hessian += sums[3 * i + 1];
    count += sums[3 * i + 2];
  }
  return { gradient, hessian, count };
}

function bestCut(
  { from, to, total, options }: Range & { total: ReturnType<typeof sumRange> },
  sums: StepSums,
): Cut | null {
  const least = Math.max(1, options.minSamplesLeaf);
  if (total.hessian <= LEAST_HESSIAN) return null;
  const whole = (total.gradient * total.gradient) / total.hessian;
  let best: Cut | null = null;
  let bestGain = whole * 1e-10;
  let gradient = 0;
  let hessian = 0;
  let count = 0;
  for (let i = from; i < to - 1; i++) {
    gradient += sums[3 * i];
    hessian += sums[3 * i + 1];
    count += sums[3 * i + 2];
    if (count < least || hessian < LEAST_HESSIAN) continue;
    if (total.count - count < least || total.hessian - hessian < LEAST_HESSIAN) break;
    const rest = total.gradient - gradient;
    const gain =
      (gradient * gradient) / hessian + (rest * rest) / (total.hessian - hessian) - whole;
    if (gain <= bestGain) continue;
    bestGain = gain;
    best = { at: i + 1, gain, gradient, hessian };
  }
  return best;
}
