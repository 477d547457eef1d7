import type { ModelPerformance } from '../../stats/performance/model-performance.ts';
import { chanceText, numberText } from '../number-text.ts';
import { type Curves, figure, type Histogram, paragraph, type Section } from '../report.ts';

/** Do probabilities mean what they say? */
export function calibrationSection(
  { reliability }: ModelPerformance,
  histogram: Histogram | null,
): Section[] {
  if (!reliability) return [];
  const { bins, calibrationError, pValue } = reliability;
  const isDishonest = pValue !== null && pValue <= 0.05;
  const verdict = isDishonest
    ? `More miscalibrated than chance explains (Spiegelhalter's test, p ${chanceText(pValue)}).`
    : `No more miscalibrated than chance explains (Spiegelhalter's test, p ${chanceText(pValue)}).`;
  const drawing: Curves = {
    type: 'curves',
    x: { label: 'probability that was told', format: 'percent' },
    y: { label: 'share that happened', format: 'percent' },
    levels: [],
    series: [
      {
        name: 'honest',
        style: 'dashed',
        points: [
          { x: 0, y: 0 },
          { x: 1, y: 1 },
        ],
      },
      {
        name: 'this model',
        style: 'line',
        points: bins.map(({ told, happened, interval: [low, high], n }) => ({
          ...{ x: told, y: happened, low, high },
          label: `told ${numberText(told)}, ${numberText(n)} rows`,
        })),
      },
    ],
  };
  return [
    {
      heading: 'Calibration',
      blocks: [
        paragraph(`${verdict} Expected calibration error ${numberText(calibrationError)}.`),
        figure('What was told and what happened', drawing),
        ...(histogram ? [figure('Probabilities, by what happened', histogram)] : []),
      ],
    },
  ];
}

/** Where a regressor errs. */
export function residualSection(
  { residuals }: ModelPerformance,
  histogram: Histogram | null,
): Section[] {
  if (residuals.length === 0) return [];
  const [first, last] = [residuals[0], residuals[residuals.length - 1]];
  const x = { label: 'predicted', format: 'number' as const };
  const told: Curves = {
    type: 'curves',
    x,
    y: { label: 'what happened, mean with 95 % interval', format: 'number' },
    levels: [],
    series: [
      {
        name: 'right',
        style: 'dashed',
        points: [first, last].map(({ told }) => ({ x: told, y: told })),
      },
      {
        name: 'this model',
        style: 'line',
        points: residuals.map(({ told, happened: { value, interval } }) => ({
          ...{ x: told, y: value },
          ...(interval ? { low: interval[0], high: interval[1] } : {}),
        })),
      },
    ],
  };
  const errors: Curves = {
    type: 'curves',
    x,
    y: { label: 'error (truth − prediction): median, and 80 % of the rows', format: 'number' },
    levels: [{ label: 'no error', value: 0 }],
    series: [
      {
        name: 'error',
        style: 'line',
        points: residuals.map(({ told, low, middle, high }) => ({ x: told, y: middle, low, high })),
      },
    ],
  };
  return [
    {
      heading: 'Where it errs',
      blocks: [
        figure('What was predicted and what happened', told),
        figure('Errors by what was predicted', errors),
        ...(histogram ? [figure('Errors', histogram)] : []),
      ],
    },
  ];
}
