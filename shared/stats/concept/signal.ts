/** What a detector says after one more outcome. */
export type ConceptSignal = 'stable' | 'warning' | 'drift';
