/** Ends a trial whose reports promise too little. One objective only. */
export type PrunerOptions =
  | ({ type: 'percentile'; percentile: number } & Partial<PercentileOptions>)
  | ({ type: 'median' } & Partial<PercentileOptions>)
  | ({ type: 'successive-halving' } & Partial<HalvingOptions>)
  | ({ type: 'hyperband' } & Partial<HyperbandOptions>)
  | ({ type: 'wilcoxon' } & Partial<WilcoxonOptions>)
  | ({ type: 'patient'; patience: number; wrapped?: PrunerOptions } & Partial<PatientOptions>);

export type PercentileOptions = {
  /** Complete trials before any is pruned. */
  startupTrials: number;
  /** No pruning at steps before this one. */
  warmupSteps: number;
  /** Looks once in so many steps, at the first report in each. */
  intervalSteps: number;
  /** Complete trials that must have reported at the step. */
  leastTrials: number;
};

export type HalvingOptions = {
  /** Steps of the first rung; 'auto': a hundredth of what the first complete trial took. */
  leastSteps: number | 'auto';
  /** One of so many goes on. */
  reductionFactor: number;
  /** Rungs that are skipped at the start. */
  earlyRate: number;
  /** Trials that a rung needs before any goes on. */
  bootstrapTrials: number;
};

export type HyperbandOptions = {
  leastSteps: number;
  /** Steps of a whole trial; 'auto': what the first complete trial took. */
  mostSteps: number | 'auto';
  reductionFactor: number;
  bootstrapTrials: number;
};

export type WilcoxonOptions = {
  /** Prunes below this chance that a trial as good as the best looks so bad. */
  threshold: number;
  /** Reports before the first look. */
  startupSteps: number;
};

export type PatientOptions = {
  /** An improvement must be larger than this. */
  leastImprovement: number;
};
