import type { ModelPerformance } from '../../stats/performance/model-performance.ts';
import type { Reliability } from '../../stats/performance/reliability.ts';
import type { ResidualBin } from '../../stats/performance/residuals.ts';
import { chanceText, numberText } from '../number-text.ts';
import { type Curves, figure, type Histogram, paragraph, type Section } from '../report.ts';

/** Do probabilities mean what they say? */
export function calibrationSection(
  { reliability }: ModelPerformance,
  histogram: Histogram | null,
): Section[] {
  if (!reliability) return [];
  const { bins, calibrationError, pValue } = reliability;
  const more = pValue !== null && pValue <= 0.05 ? 'More' : 'No more';
  const verdict = `${more} miscalibrated than chance explains (Spiegelhalter's test, p ${chanceText(pValue)}). Expected calibration error ${numberText(calibrationError)}.`;
  const blocks = [
    paragraph(verdict),
    figure('What was told and what happened', reliabilityCurve(bins)),
    ...(histogram ? [figure('Probabilities, by what happened', histogram)] : []),
  ];
  return [{ heading: 'Calibration', blocks }];
}

const reliabilityCurve = (bins: Reliability['bins']): Curves => ({
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
});

/** Where a regressor errs. */
export function residualSection(
  { residuals }: ModelPerformance,
  histogram: Histogram | null,
): Section[] {
  if (residuals.length === 0) return [];
  const blocks = [
    figure('What was predicted and what happened', outcomeCurve(residuals)),
    figure('Errors by what was predicted', errorCurve(residuals)),
    ...(histogram ? [figure('Errors', histogram)] : []),
  ];
  return [{ heading: 'Where it errs', blocks }];
}

const PREDICTED: Curves['x'] = { label: 'predicted', format: 'number' };

function outcomeCurve(residuals: readonly ResidualBin[]): Curves {
  const ends = [residuals[0], residuals[residuals.length - 1]];
  return {
    type: 'curves',
    x: PREDICTED,
    y: { label: 'what happened, mean with 95 % interval', format: 'number' },
    levels: [],
    series: [
      { name: 'right', style: 'dashed', points: ends.map(({ told }) => ({ x: told, y: told })) },
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
}

const errorCurve = (residuals: readonly ResidualBin[]): Curves => ({
  type: 'curves',
  x: PREDICTED,
  y: { label: 'error (truth − prediction): median, and 80 % of the rows', format: 'number' },
  levels: [{ label: 'no error', value: 0 }],
  series: [
    {
      name: 'error',
      style: 'line',
      points: residuals.map(({ told, low, middle, high }) => ({ x: told, y: middle, low, high })),
    },
  ],
});
