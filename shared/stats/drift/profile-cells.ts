import type { ColumnProfile } from '../../contracts/profile.ts';

/** Counts in the cells, the missing values last. */
export const cellsOf = ({ counts, missing }: ColumnProfile): number[] => [...counts, missing];
