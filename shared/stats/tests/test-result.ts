/** A test's answer. Null instead of this where the samples are too small to say anything. */
export type TestResult = { statistic: number; pValue: number };

export type Alternative = 'two-sided' | 'less' | 'greater';
