import type { ModelPerformance } from '../../stats/performance/model-performance.ts';
import { shorten } from '../escape.ts';
import { numberText } from '../number-text.ts';
import type { Cell, Table } from '../report.ts';
import { metricRange, metricText } from './metric-names.ts';

const NAMES = ['recall', 'precision', 'f1'];

/** Recall, precision and F1 of each label. */
export const labelTable = (byLabel: ModelPerformance['byLabel']): Table => ({
  kind: 'table',
  caption: 'By label, the most frequent first; intervals at 95 %',
  columns: [
    { label: 'Label' },
    { label: 'Rows', isNumber: true },
    { label: 'Recall', isNumber: true },
    { label: 'Interval' },
    { label: 'Precision', isNumber: true },
    { label: 'Interval' },
    { label: 'F1', isNumber: true },
    { label: 'Interval' },
  ],
  rows: byLabel.map(({ label, n, metrics }) => [
    { text: shorten(label, 60) },
    { text: numberText(n), order: n },
    ...NAMES.flatMap((name): Cell[] => {
      const metric = metrics.find((other) => other.name === name);
      if (!metric) return [{ text: '–', order: null }, { text: '–' }];
      return [{ text: metricText(metric), order: metric.value }, { text: metricRange(metric) }];
    }),
  ]),
});
