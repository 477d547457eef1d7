import { defineUseCase } from '../../shared/use-case/define-use-case.ts';
import { heuristicChurn } from './heuristic.ts';

/** Whether a customer of a telephone company is about to leave. */
export const churn = defineUseCase({
  id: 'churn',
  title: 'Customer churn',
  description:
    'The probability that a customer leaves within the month, from the contract, what it costs and how long it has lasted.',
  task: {
    type: 'binary',
    classes: [
      { value: 'No', label: 'Stays' },
      { value: 'Yes', label: 'Leaves' },
    ],
  },
  inputs: [
    {
      name: 'tenure',
      label: 'Customer for',
      type: 'number',
      unit: 'months',
      range: [0, 80],
      step: 1,
      missing: 'reject',
    },
    {
      name: 'Contract',
      label: 'Contract',
      type: 'category',
      categories: [
        { value: 'Month-to-month', label: 'Monthly' },
        { value: 'One year', label: 'One year' },
        { value: 'Two year', label: 'Two years' },
      ],
      missing: 'impute',
    },
    {
      name: 'MonthlyCharges',
      label: 'Monthly charges',
      type: 'number',
      unit: '$',
      range: [15, 150],
      step: 0.05,
      missing: 'impute',
    },
    {
      name: 'InternetService',
      label: 'Internet',
      type: 'category',
      categories: [
        { value: 'DSL', label: 'DSL' },
        { value: 'Fiber optic', label: 'Fibre' },
        { value: 'No', label: 'None' },
      ],
      missing: 'impute',
    },
    addOn({ name: 'OnlineSecurity', label: 'Security package' }),
    addOn({ name: 'TechSupport', label: 'Technical support' }),
    {
      name: 'PaymentMethod',
      label: 'Pays by',
      type: 'category',
      categories: [
        { value: 'Electronic check', label: 'Electronic cheque' },
        { value: 'Mailed check', label: 'Posted cheque' },
        { value: 'Bank transfer (automatic)', label: 'Bank transfer' },
        { value: 'Credit card (automatic)', label: 'Credit card' },
      ],
      missing: 'impute',
    },
    yesOrNo({ name: 'PaperlessBilling', label: 'Paperless bills', values: ['No', 'Yes'] }),
    yesOrNo({ name: 'SeniorCitizen', label: 'Over 65', values: ['0', '1'] }),
    yesOrNo({ name: 'Dependents', label: 'Children at home', values: ['No', 'Yes'] }),
  ],
  target: { name: 'Churn', label: 'Leaves' },
  search: { trials: 3 },
  monitors: { brier: { max: 0.2, minSamples: 100 } },
  retraining: { cron: '0 5 * * 1' },
  businessMetrics: [{ name: 'retained', label: 'Customers retained' }],
  fallback: heuristicChurn,
});

/** A service that needs an internet line. */
function addOn<const Name extends string>({ name, label }: { name: Name; label: string }) {
  const categories = [
    { value: 'No', label: 'No' },
    { value: 'Yes', label: 'Yes' },
    { value: 'No internet service', label: 'No internet' },
  ] as const;
  return { name, label, type: 'category', categories, missing: 'impute' } as const;
}

function yesOrNo<const Name extends string>({
  name,
  label,
  values,
}: {
  name: Name;
  label: string;
  values: readonly [string, string];
}) {
  const categories = [
    { value: values[0], label: 'No' },
    { value: values[1], label: 'Yes' },
  ];
  return { name, label, type: 'category', categories, missing: 'impute' } as const;
}
