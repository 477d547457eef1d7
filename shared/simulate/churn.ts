import { normal, type Rng } from '../core/rng.ts';
import { between, blend, drawFrom, orMissing, rounded } from './draw.ts';
import type { Drift, SimulatedRow } from './simulate-rows.ts';

/*
 * The coefficients below. Those marked (file) follow the shape of IBM's public telco file: shares of its
 * columns, and a logistic regression on them, which finds -0.71 for the logarithm of the months, 1.7
 * between a monthly and a two-year contract, 0.47 between fibre and DSL, 0.013 a dollar. The rest is ours:
 * how contracts last and how the ways of paying follow from them.
 */
const LOG_ODDS = -1.8; // (file)
const PER_LOG_MONTH = -0.71; // (file)
const PER_DOLLAR = 0.013; // (file)
const CONTRACT = { 'Month-to-month': 1.7, 'One year': 1, 'Two year': 0 }; // (file)
const INTERNET = { DSL: -0.2, 'Fiber optic': 0.25, No: -0.6 }; // (file)
const ADD_ON = { No: 0.22, Yes: -0.2, 'No internet service': 0 }; // (file)
const PAYMENT = {
  'Electronic check': 0.25,
  'Mailed check': -0.2,
  'Bank transfer (automatic)': -0.1,
  'Credit card (automatic)': -0.15,
}; // (file)
const PAPERLESS = 0.39; // (file)
const SENIOR = 0.26; // (file)
const DEPENDENTS = -0.16; // (file)
const MISSING_PROBABILITY = 0.02;

const CONTRACT_WEIGHTS = { 'Month-to-month': 55, 'One year': 21, 'Two year': 24 }; // (file)
const LOOSE_WEIGHTS = { 'Month-to-month': 85, 'One year': 10, 'Two year': 5 };
const INTERNET_WEIGHTS = { DSL: 34, 'Fiber optic': 44, No: 22 }; // (file)
const BOUND_PAYMENT = {
  'Electronic check': 16,
  'Mailed check': 23,
  'Bank transfer (automatic)': 30,
  'Credit card (automatic)': 31,
}; // (file)
const LOOSE_PAYMENT = {
  'Electronic check': 48,
  'Mailed check': 23,
  'Bank transfer (automatic)': 15,
  'Credit card (automatic)': 14,
}; // (file)
const DOLLARS = { DSL: [58, 14], 'Fiber optic': [91, 12], No: [20.5, 1.5] } as const; // (file)
const MOST_MONTHS = 72;

type Contract = keyof typeof CONTRACT;
type Internet = keyof typeof INTERNET;

/** One customer, and whether they left (1) or stayed (0). Of a drifted concept, a rival pays for leaving. */
export function simulateCustomer(rng: Rng, drift: Drift): Omit<SimulatedRow, 'order'> {
  const contract = drawFrom(rng, blend(CONTRACT_WEIGHTS, LOOSE_WEIGHTS, drift.inputs));
  const months = drawMonths(rng, contract, drift);
  const internet = drawFrom(rng, INTERNET_WEIGHTS);
  const security = drawAddOn(rng, internet);
  const support = drawAddOn(rng, internet);
  const isLoose = contract === 'Month-to-month';
  const payment = drawFrom(rng, isLoose ? LOOSE_PAYMENT : BOUND_PAYMENT);
  const [mean, spread] = DOLLARS[internet];
  const dollars = (mean + spread * normal(rng)) * (1 + 0.15 * drift.inputs);
  const charges = rounded(Math.min(140, Math.max(18, dollars)), 2);
  const [isPaperless, isSenior, hasDependents] = [0.59, 0.16, 0.3].map((share) => rng() < share);
  const logOdds =
    LOG_ODDS +
    PER_LOG_MONTH * (Math.log(1 + months) - 1) +
    PER_DOLLAR * (charges - 20) +
    CONTRACT[contract] * (1 - 0.5 * drift.concept) +
    2 * drift.concept +
    INTERNET[internet] +
    ADD_ON[security] +
    ADD_ON[support] +
    PAYMENT[payment] +
    (isPaperless ? PAPERLESS : 0) +
    (isSenior ? SENIOR : 0) +
    (hasDependents ? DEPENDENTS : 0);
  const row = {
    tenure: months,
    Contract: contract,
    MonthlyCharges: charges,
    InternetService: internet,
    OnlineSecurity: orMissing(rng, security, MISSING_PROBABILITY),
    TechSupport: orMissing(rng, support, MISSING_PROBABILITY),
    PaymentMethod: orMissing(rng, payment, MISSING_PROBABILITY),
    PaperlessBilling: isPaperless ? 'Yes' : 'No',
    SeniorCitizen: isSenior ? '1' : '0',
    Dependents: hasDependents ? 'Yes' : 'No',
  };
  return { row, value: rng() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0 };
}

/** Months so far: short for who is not bound, long for who is. */
function drawMonths(rng: Rng, contract: Contract, drift: Drift): number {
  const power = { 'Month-to-month': 2, 'One year': 0.8, 'Two year': 0.35 }[contract];
  return Math.round(MOST_MONTHS * between(rng, 0, 1) ** (power * (1 + drift.inputs)));
}

const drawAddOn = (rng: Rng, internet: Internet): keyof typeof ADD_ON =>
  internet === 'No'
    ? 'No internet service'
    : drawFrom(rng, internet === 'DSL' ? { No: 51, Yes: 49 } : { No: 73, Yes: 27 });
