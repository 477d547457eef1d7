/** Logarithms of a distribution's two tails; lower + upper = 1 before logs. */
export type LogTails = { lower: number; upper: number };

export const NO_TAILS: LogTails = { lower: Number.NaN, upper: Number.NaN };

/** From this shape on a uniform expansion is right to double precision, where a series would take long. */
export const LARGE_SHAPE = 1e8;
