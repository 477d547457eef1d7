import { fail, ok, type Result } from '../../core/result.ts';

/** What one device has told about itself in the current period. Plain JSON, kept on the device. */
export type EpsilonLedger = {
  budget: number;
  periodMs: number;
  periodStartMs: number;
  spent: number;
};

export type LedgerError = {
  reason: 'budget_spent';
  left: number;
  asked: number;
  renewsAtMs: number;
};

export const createLedger = (budget: number, periodMs: number, nowMs: number): EpsilonLedger => ({
  budget,
  periodMs,
  periodStartMs: nowMs,
  spent: 0,
});

/**
 * Takes `epsilon` off the budget, or refuses: what is refused must not be sent. Losses add up (basic composition),
 * and the budget is renewed each period; a clock that went back renews nothing.
 * @returns the ledger to keep; the one given is left as it is
 */
export function spendEpsilon(
  ledger: EpsilonLedger,
  epsilon: number,
  nowMs: number,
): Result<EpsilonLedger, LedgerError> {
  const periods = Math.max(0, Math.floor((nowMs - ledger.periodStartMs) / ledger.periodMs));
  const periodStartMs = ledger.periodStartMs + periods * ledger.periodMs;
  const spent = periods > 0 ? 0 : ledger.spent;
  const left = ledger.budget - spent;
  if (epsilon > left + 1e-12)
    return fail({
      reason: 'budget_spent',
      left,
      asked: epsilon,
      renewsAtMs: periodStartMs + ledger.periodMs,
    });
  return ok({ ...ledger, periodStartMs, spent: spent + epsilon });
}
