import type { Row } from '../contracts/manifest.ts';
import { createRng, type Rng } from '../core/rng.ts';
import type { ColumnSpec, Table } from '../table/table.ts';
import { createTableBuilder } from '../table/table-builder.ts';
import { simulateCustomer } from './churn.ts';
import { simulateDelivery } from './delivery.ts';
import { simulateFlight } from './flight.ts';

/** Strengths from 0 (the world as documented) to 1. */
export type Drift = {
  /** The inputs' distribution moves: longer trips, worse weather. */
  inputs: number;
  /** What follows from the same inputs moves: slower traffic, less made up in the air. */
  concept: number;
};

export type SimulatedRow = {
  row: Row;
  /** What really happened, in target units; of a binary task 0 or 1. */
  value: number;
  /** Grows from row to row: what a use case that splits by time is ordered by. */
  order: number;
};

export type SimulateOptions = { rows: number; seed: number; drift?: Partial<Drift> };

/** One simulated world: a row and its outcome. @param progress how far through the year, 0..1 */
export type Simulator = (rng: Rng, drift: Drift, progress: number) => Omit<SimulatedRow, 'order'>;

const SIMULATORS: Record<string, Simulator> = {
  'delay-prediction': simulateDelivery,
  'flight-delay': simulateFlight,
  churn: simulateCustomer,
};

/** Can rows of this use case be simulated? */
export const canSimulate = (useCaseId: string): boolean => Object.hasOwn(SIMULATORS, useCaseId);

/**
 * Rows with outcomes, the same for the same options on every engine.
 * @param useCaseId one that `canSimulate`
 */
export function simulateRows(
  useCaseId: string,
  { rows, seed, drift = {} }: SimulateOptions,
): SimulatedRow[] {
  if (!canSimulate(useCaseId)) throw new Error(`Broken invariant: no simulator of ${useCaseId}`);
  const rng = createRng(seed);
  const strengths = { inputs: drift.inputs ?? 0, concept: drift.concept ?? 0 };
  return Array.from({ length: rows }, (_, order) => ({
    ...SIMULATORS[useCaseId](rng, strengths, order / rows),
    order,
  }));
}

/** The same rows as a table that trains the use case. */
export function simulateTable(
  useCase: { id: string; inputs: readonly ColumnSpec[]; splitBy: { type: 'random' | 'time' } },
  options: SimulateOptions,
): Table {
  const isOrdered = useCase.splitBy.type === 'time';
  const builder = createTableBuilder(useCase.inputs, { isOrdered });
  for (const { row, value, order } of simulateRows(useCase.id, options)) {
    builder.begin();
    useCase.inputs.forEach((input, index) => {
      const cell = row[input.name];
      if (typeof cell === 'number') builder.setNumber(index, cell);
      else if (typeof cell === 'string') builder.setCategory(index, cell);
    });
    builder.commit(value, order);
  }
  return builder.build();
}
