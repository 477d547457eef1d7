/** One input's part in a prediction: what the answer gains or loses against the input's usual value. */
export type Reason = { input: string; contribution: number };

/** A bar that starts at the zero line; shares of the drawing's width in [0, 1]. */
export type ReasonBar = Reason & { from: number; width: number };

export type ReasonChart = { bars: ReasonBar[]; zero: number; tooSmall: string[] };

/** Contributions below this share of the largest say nothing and are named together. */
const SMALLEST_SHARE = 0.02;

/**
 * Bars on one common scale, strongest first. Room left and right of zero follows the strongest
 * contribution on either side, so that a one-sided explanation does not waste half its width.
 */
export function layOutReasons(reasons: readonly Reason[]): ReasonChart {
  const sorted = [...reasons].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const strongest = Math.abs(sorted[0]?.contribution ?? 0);
  const shown = sorted.filter(
    ({ contribution }) =>
      contribution !== 0 && Math.abs(contribution) >= SMALLEST_SHARE * strongest,
  );
  const below = Math.max(0, ...shown.map((reason) => -reason.contribution));
  const above = Math.max(0, ...shown.map((reason) => reason.contribution));
  const span = below + above || 1;
  const zero = below / span;
  return {
    zero,
    bars: shown.map((reason) => {
      const width = Math.abs(reason.contribution) / span;
      return { ...reason, width, from: reason.contribution < 0 ? zero - width : zero };
    }),
    tooSmall: sorted.filter((reason) => !shown.includes(reason)).map((reason) => reason.input),
  };
}
