import { fail, ok, type Result } from '../../core/result.ts';
import { checkEpsilon, type EpsilonError } from './check-epsilon.ts';

/** What one device has told about itself in the current period. Plain JSON, kept on the device. */
export type EpsilonLedger = {
  budget: number;
  periodMs: number;
  periodStartMs: number;
  spent: number;
};

export type LedgerError =
  | EpsilonError
  | { reason: 'budget_spent'; left: number; asked: number; renewsAtMs: number }
  /** What was kept, or the clock, is no number that could be counted with: nothing may be told. */
  | { reason: 'bad_ledger'; field: 'budget' | 'periodMs' | 'periodStartMs' | 'spent' | 'nowMs' };

export const createLedger = (budget: number, periodMs: number, nowMs: number): EpsilonLedger => ({
  budget,
  periodMs,
  periodStartMs: nowMs,
  spent: 0,
});

/**
 * Takes `epsilon` off the budget, or refuses: what is refused must not be sent. Losses add up (basic composition),
 * and the budget is renewed each period; a clock that went back renews nothing. An epsilon that is not above 0 and a
 * ledger that holds no numbers are refused.
 * @returns the ledger to keep; the one given is left as it is
 */
export function spendEpsilon(
  ledger: EpsilonLedger,
  epsilon: number,
  nowMs: number,
): Result<EpsilonLedger, LedgerError> {
  const told = checkEpsilon(epsilon);
  if (!told.ok) return told;
  const field = faultOf(ledger, nowMs);
  if (field) return fail({ reason: 'bad_ledger', field });
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

function faultOf(
  { budget, periodMs, periodStartMs, spent }: EpsilonLedger,
  nowMs: number,
): (LedgerError & { reason: 'bad_ledger' })['field'] | null {
  if (!(budget >= 0)) return 'budget';
  if (!(periodMs > 0)) return 'periodMs';
  if (!Number.isFinite(periodStartMs)) return 'periodStartMs';
  if (!(spent >= 0)) return 'spent';
  return Number.isFinite(nowMs) ? null : 'nowMs';
}
