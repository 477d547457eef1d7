/** What a fair classifier keeps alike between groups, by Fairlearn's names. */
export const FAIRNESS_CONSTRAINTS = [
  'demographic_parity',
  'equalized_odds',
  'true_positive_rate_parity',
  'false_positive_rate_parity',
  'error_rate_parity',
] as const;

/** Selection rates; true and false positive rates; one of these; or shares of wrong answers. */
export type FairnessConstraint = (typeof FAIRNESS_CONSTRAINTS)[number];

/**
 * Constraints as differences of rates: for each event (all rows; or the truly positive, the truly negative, or both)
 * and each group, the rate in the group less the rate in the event, at most a bound above 0 and at most it below.
 */
export type RateConstraints = {
  /** Cells (event, group) that hold rows; two constraints each, above and below. */
  cells: number;
  /** rate(cell) - rate(event) for each cell, then the same negated; shape [2 cells]. */
  violations: (predictions: ArrayLike<number>) => Float64Array;
  /** What one unit of weight on each constraint adds to the cost of predicting each row positive; shape [rows]. */
  costs: (multipliers: ArrayLike<number>) => Float64Array;
};

const NO_EVENT = -1;

/** @param truth 0 or 1 by row; groups of the same length */
export function rateConstraints(
  truth: ArrayLike<number>,
  groups: readonly string[],
  constraint: FairnessConstraint,
): RateConstraints {
  const { cellOf, eventOfCell, cellSizes, eventSizes } = layOut(truth, groups, constraint);
  const [rows, cells] = [groups.length, cellSizes.length];
  const isError = constraint === 'error_rate_parity';
  return {
    cells,
    violations(predictions) {
      const inCell = new Float64Array(cells);
      const inEvent = new Float64Array(eventSizes.length);
      for (let i = 0; i < rows; i++) {
        if (cellOf[i] === NO_EVENT) continue;
        const counted = isError ? Math.abs(predictions[i] - truth[i]) : predictions[i];
        inCell[cellOf[i]] += counted;
        inEvent[eventOfCell[cellOf[i]]] += counted;
      }
      const gaps = new Float64Array(2 * cells);
      for (let cell = 0; cell < cells; cell++) {
        const event = eventOfCell[cell];
        gaps[cell] = inCell[cell] / cellSizes[cell] - inEvent[event] / eventSizes[event];
        gaps[cells + cell] = -gaps[cell];
      }
      return gaps;
    },
    costs(multipliers) {
      const net = Float64Array.from(
        cellSizes,
        (_, cell) => multipliers[cell] - multipliers[cells + cell],
      );
      const ofEvent = new Float64Array(eventSizes.length);
      for (let cell = 0; cell < cells; cell++) ofEvent[eventOfCell[cell]] += net[cell];
      const costs = new Float64Array(rows);
      for (let i = 0; i < rows; i++) {
        if (cellOf[i] === NO_EVENT) continue;
        const event = eventOfCell[cellOf[i]];
        const cost = net[cellOf[i]] / cellSizes[cellOf[i]] - ofEvent[event] / eventSizes[event];
        // Of a truly positive row, predicting it positive is what takes an error away.
        costs[i] = isError && truth[i] === 1 ? -cost : cost;
      }
      return costs;
    },
  };
}

function eventOf(constraint: FairnessConstraint, truth: number): number {
  switch (constraint) {
    case 'demographic_parity':
    case 'error_rate_parity':
      return 0;
    case 'equalized_odds':
      return truth;
    case 'true_positive_rate_parity':
      return truth === 1 ? 1 : NO_EVENT;
    case 'false_positive_rate_parity':
      return truth === 0 ? 0 : NO_EVENT;
  }
}

function layOut(
  truth: ArrayLike<number>,
  groups: readonly string[],
  constraint: FairnessConstraint,
) {
  const cellNumbers = new Map<string, number>();
  const eventNumbers = new Map<number, number>();
  const cellOf = new Int32Array(groups.length);
  const eventOfCell: number[] = [];
  const cellSizes: number[] = [];
  const eventSizes: number[] = [];
  groups.forEach((group, i) => {
    const named = eventOf(constraint, truth[i]);
    cellOf[i] = NO_EVENT;
    if (named === NO_EVENT) return;
    if (!eventNumbers.has(named)) eventNumbers.set(named, eventSizes.push(0) - 1);
    const event = eventNumbers.get(named) ?? 0;
    const key = `${named} ${group}`;
    let cell = cellNumbers.get(key);
    if (cell === undefined) {
      cell = cellSizes.push(0) - 1;
      cellNumbers.set(key, cell);
      eventOfCell.push(event);
    }
    cellOf[i] = cell;
    cellSizes[cell]++;
    eventSizes[event]++;
  });
  return { cellOf, eventOfCell, cellSizes, eventSizes };
}
