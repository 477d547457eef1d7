/** What the heuristic reads; every other input is left to the model. */
type Customer = {
  tenure: number;
  Contract?: string | null;
  InternetService?: string | null;
  PaymentMethod?: string | null;
};

/** How many of those whom this contract binds leave, as a manager would guess: a contract holds people. */
const CONTRACT_RATE: Record<string, number> = {
  'Month-to-month': 0.35,
  'One year': 0.12,
  'Two year': 0.04,
};
const USUAL_RATE = 0.25;
/** The first year is when people find out, and who stayed four years mostly stays. */
const NEW_UNTIL_MONTHS = 12;
const LOYAL_FROM_MONTHS = 48;
const NEW_TIMES = 1.4;
const LOYAL_TIMES = 0.6;
/** Fibre is dear and contested; who pays each bill by hand looks at each bill. */
const FIBRE_TIMES = 1.3;
const MANUAL_PAYMENT_TIMES = 1.2;
const HIGHEST_RATE = 0.9;

/**
 * An account manager's rule of thumb: the probability that the customer leaves within the month, from
 * the contract, how long it has lasted, the line and the way of paying. Common sense, not fitted.
 */
export function heuristicChurn(customer: Customer): number {
  const { tenure, Contract, InternetService, PaymentMethod } = customer;
  const rate =
    (CONTRACT_RATE[Contract ?? ''] ?? USUAL_RATE) *
    (tenure < NEW_UNTIL_MONTHS ? NEW_TIMES : 1) *
    (tenure >= LOYAL_FROM_MONTHS ? LOYAL_TIMES : 1) *
    (InternetService === 'Fiber optic' ? FIBRE_TIMES : 1) *
    (PaymentMethod === 'Electronic check' ? MANUAL_PAYMENT_TIMES : 1);
  return Math.min(HIGHEST_RATE, rate);
}
