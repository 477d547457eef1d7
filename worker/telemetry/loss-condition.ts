import type { ModelSummary } from '../../shared/contracts/registry.ts';
import type { AlertCondition } from '../../shared/decide/alerts.ts';

/** Batches overtake each other, and a gap between them closes; this share of gaps does not happen so. */
const LOSS_LIMIT = 0.01;
const LEAST_MISSING = 20;

/** Are more events missing than stay out for a moment? Gaps are a lower bound: a lost tail leaves none. */
export function lossCondition(totals: ModelSummary['totals']): AlertCondition {
  const { missing, events } = totals;
  const share = missing / Math.max(1, missing + events);
  return {
    rule: 'loss',
    severity: 'warning',
    verdict: missing >= LEAST_MISSING && share > LOSS_LIMIT ? 'firing' : 'clear',
    summary: `At least ${missing} events never arrived, beside ${events} that did`,
  };
}
