/** What a fair classifier keeps alike between groups: selection rates, or true and false positive rates. */
export type FairnessConstraint = 'demographic_parity' | 'equalized_odds';

/**
 * Constraints as differences of rates: for each event (all rows; or the truly positive and the truly negative) and
 * each group, the rate in the group less the rate in the event, at most `eps` above 0 and at most `eps` below.
 */
export type RateConstraints = {
  /** Cells (event, group) that hold rows; two constraints each, above and below. */
  cells: number;
  /** rate(cell) - rate(event) for each cell, then the same negated; shape [2 cells]. */
  violations: (predictions: ArrayLike<number>) => Float64Array;
  /** What one unit of weight on each constraint adds to the cost of predicting each row positive; shape [rows]. */
  costs: (multipliers: ArrayLike<number>) => Float64Array;
};

/** @param truth 0 or 1 by row; groups of the same length */
export function rateConstraints(
  truth: ArrayLike<number>,
  groups: readonly string[],
  constraint: FairnessConstraint,
): RateConstraints {
  const { cellOf, eventOfCell, cellSizes, eventSizes } = layOut(truth, groups, constraint);
  const [rows, cells] = [groups.length, cellSizes.length];
  return {
    cells,
    violations(predictions) {
      const inCell = new Float64Array(cells);
      const inEvent = new Float64Array(eventSizes.length);
      for (let i = 0; i < rows; i++) {
        inCell[cellOf[i]] += predictions[i];
        inEvent[eventOfCell[cellOf[i]]] += predictions[i];
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
        const event = eventOfCell[cellOf[i]];
        costs[i] = net[cellOf[i]] / cellSizes[cellOf[i]] - ofEvent[event] / eventSizes[event];
      }
      return costs;
    },
  };
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
    const named = constraint === 'demographic_parity' ? 0 : truth[i];
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
