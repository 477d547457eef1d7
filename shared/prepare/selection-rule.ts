/**
 * How much a column tells of the target, alone. `f`: the ANOVA F of classes, or that of a linear
 * regression (f_classif, f_regression). `chi2`: the chi-square statistic of class sums, for columns that
 * are not negative. `mutual-information`: in nats, of both in at most 16 quantile bins (plug-in
 * estimate, less its bias by Miller 1955); scikit-learn uses nearest neighbours instead.
 */
export type ScoringRule = 'f' | 'chi2' | 'mutual-information';

/**
 * `variance` keeps the columns that vary at all (VarianceThreshold); the others keep the best `keep`
 * columns (SelectKBest), or that share of them where it is below 1 (SelectPercentile).
 */
export type SelectionRule = { by: 'variance' } | { by: ScoringRule; keep: number };

/**
 * By what models make of all columns together; they are fitted where models are (shared/learn/select), and
 * what they choose is a `select` step like any other. `keep` as above.
 */
export type ModelSelectionRule =
  | { by: 'rfe' | 'permutation' | 'shap'; keep: number }
  | { by: 'boruta' };

export const isModelRule = (rule: SelectionRule | ModelSelectionRule): rule is ModelSelectionRule =>
  ['rfe', 'permutation', 'shap', 'boruta'].includes(rule.by);
