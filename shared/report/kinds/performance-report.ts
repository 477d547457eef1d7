import type { GateForecast } from '../../stats/performance/forecast-gate.ts';
import type { Metric } from '../../stats/performance/metric.ts';
import type {
  MetricMovement,
  ModelPerformance,
} from '../../stats/performance/model-performance.ts';
import { chanceText, numberText } from '../number-text.ts';
import {
  type Block,
  type Cell,
  type Figure,
  figure,
  type Histogram,
  paragraph,
  type Report,
  type Section,
  type Table,
} from '../report.ts';
import { type ErrorChanges, errorChangesSection, summaryOf } from './error-changes.ts';
import { gateSentence } from './gate-words.ts';
import { labelTable } from './label-table.ts';
import { metricFormat, metricName, metricRange, metricText } from './metric-names.ts';
import { calibrationSection, residualSection } from './model-sections.ts';

export type PerformanceReportOptions = {
  title: string;
  subject: string;
  /** Probabilities by what happened, or errors. */
  histogram: Histogram | null;
  /** What detectors say of the errors; null where none was asked for. */
  changes: ErrorChanges | null;
  /** When figures will cross the limits that they must keep. */
  gates?: readonly GateForecast[];
};

const MAX_CHUNKS = 200;
const FIGURES = 4;
const ALPHA = 0.05;

/** How good a model's answers were, whether that changes, and where it errs. */
export function performanceReport(
  performance: ModelPerformance,
  { title, subject, histogram, changes, gates = [] }: PerformanceReportOptions,
): Report {
  const { overall, movements, byLabel } = performance;
  const time = [
    ...gates.map((gate) => paragraph(gateSentence(gate))),
    ...overTimeBlocks(performance),
  ];
  const sections: Section[] = [
    {
      heading: 'Figures',
      blocks: [
        figureTable(overall, movements),
        ...(byLabel.length > 0 ? [labelTable(byLabel)] : []),
      ],
    },
    ...(time.length > 0 ? [{ heading: 'Over time', blocks: time }] : []),
    ...(changes ? [errorChangesSection(changes)] : []),
    ...calibrationSection(performance, histogram),
    ...residualSection(performance, histogram),
    { heading: 'How this was judged', blocks: EXPLANATION.map(paragraph) },
  ];
  const facts = [
    { label: 'Rows', value: numberText(performance.n) },
    ...overall.slice(0, 4).map((metric) => ({
      label: metricName(metric.name),
      value: metricText(metric),
      note: metric.interval ? metricRange(metric) : 'no interval',
    })),
  ];
  const verdict = verdictOf(performance);
  if (changes) verdict.sentence += ` ${summaryOf(changes)}`;
  return { kind: 'performance', title, subject, verdict, facts, sections };
}

function verdictOf({ overall, movements, reliability, n }: ModelPerformance): Report['verdict'] {
  const [first] = overall;
  if (!first)
    return { tone: 'unsure', word: 'Too little data', sentence: 'There are no rows to judge by.' };
  const level = `${metricName(first.name)} ${metricText(first)} (${metricRange(first)}) over ${numberText(n)} rows.`;
  const isDishonest = reliability?.pValue != null && reliability.pValue <= ALPHA;
  const honesty = isDishonest
    ? ` Its probabilities do not mean what they say (calibration error ${numberText(reliability.calibrationError)}, p ${chanceText(reliability.pValue)}).`
    : '';
  const of = (sense: MetricMovement['sense']): string[] =>
    movements.filter((movement) => movement.sense === sense).map(({ name }) => metricName(name));
  const [worse, uneven, better] = [of('worsens'), of('varies'), of('improves')];
  const told = (word: string, tone: Report['verdict']['tone'], change: string) => ({
    tone: tone === 'good' && isDishonest ? ('unsure' as const) : tone,
    word: tone === 'good' && isDishonest ? 'Miscalibrated' : word,
    sentence: `${level}${change}${honesty}`,
  });
  if (worse.length > 0)
    return told('Worsens', 'bad', ` It gets worse over time: ${worse.join(', ')}.`);
  if (uneven.length > 0)
    return told(
      'Varies',
      'unsure',
      ` It differs between chunks beyond chance: ${uneven.join(', ')}.`,
    );
  if (better.length > 0) return told('Improves', 'good', ` It gets better: ${better.join(', ')}.`);
  if (movements.length > 0) return told('Steady', 'good', ' No change over time beyond chance.');
  return told('Measured', isDishonest ? 'unsure' : 'plain', ' Too few chunks to tell of change.');
}

const number = (label: string) => ({ label, isNumber: true });

const SENSES: Record<MetricMovement['sense'], Cell> = {
  worsens: { text: 'worsens', tone: 'bad' },
  improves: { text: 'improves', tone: 'good' },
  varies: { text: 'varies', tone: 'unsure' },
  steady: { text: 'steady', tone: 'good' },
};

function figureTable(overall: readonly Metric[], movements: readonly MetricMovement[]): Table {
  return {
    kind: 'table',
    caption: 'Over all rows. p: does the figure change between chunks, adjusted over the figures.',
    columns: [
      { label: 'Figure' },
      number('Value'),
      { label: '95 % interval' },
      { label: 'Better' },
      number('p of change'),
      { label: 'Over time' },
    ],
    rows: overall.map((metric) => {
      const movement = movements.find(({ name }) => name === metric.name);
      return [
        { text: metricName(metric.name) },
        { text: metricText(metric), order: metric.value },
        { text: metricRange(metric) },
        { text: metric.name === 'mean_error' ? 'near 0' : metric.better },
        { text: chanceText(movement?.pValue), order: movement?.pValue ?? null },
        movement ? SENSES[movement.sense] : { text: '–' },
      ];
    }),
  };
}

function overTimeBlocks({ chunks, overall }: ModelPerformance): Block[] {
  if (chunks.length < 2) return [];
  const shown = chunks.slice(-MAX_CHUNKS);
  const figures = overall.slice(0, FIGURES).map((metric) => chunkFigure(metric, shown));
  return [...figures, chunkTable(shown, overall)];
}

function chunkFigure({ name, value }: Metric, chunks: ModelPerformance['chunks']): Figure {
  const points = chunks.flatMap(({ chunk, metrics }) => {
    const metric = metrics.find((other) => other.name === name);
    if (!metric) return [];
    const band: { low?: number; high?: number } = metric.interval
      ? { low: metric.interval[0], high: metric.interval[1] }
      : {};
    return [{ x: chunk + 1, y: metric.value, ...band, label: `chunk ${chunk + 1}` }];
  });
  const format = metricFormat(name);
  const hasBand = points.some(({ low }) => low !== undefined);
  return figure(`${metricName(name)} by chunk`, {
    type: 'curves',
    x: { label: 'chunk', format: 'number' },
    y: { label: `${metricName(name)}${hasBand ? ', 95 % interval' : ''}`, format },
    levels: [{ label: 'all rows', value }],
    series: [{ name: metricName(name), style: 'line', points }],
  });
}

function chunkTable(chunks: ModelPerformance['chunks'], overall: readonly Metric[]): Table {
  const names = overall.map(({ name }) => name);
  return {
    kind: 'table',
    caption: `Each chunk${chunks[0].chunk > 0 ? `, the last ${chunks.length}` : ''}`,
    columns: [number('Chunk'), number('Rows'), ...names.map((name) => number(metricName(name)))],
    rows: chunks.map(({ chunk, n, metrics }) => [
      { text: numberText(chunk + 1), order: chunk },
      { text: numberText(n), order: n },
      ...names.map((name): Cell => {
        const metric = metrics.find((other) => other.name === name);
        return { text: metric ? metricText(metric) : '–', order: metric?.value ?? null };
      }),
    ]),
  };
}

const EXPLANATION = [
  'Intervals say what these rows leave open about the model, at 95 %: score intervals for shares (Wilson), by DeLong for the area under the ROC curve, by standard errors for means, and by the delta method for RMSE, R² and F1.',
  'The mean error is truth less prediction: above 0, the model says too little.',
  'Over time, two questions are asked of each figure together: does it vary between chunks more than the sizes of the chunks explain, and does it go one way? Their p is adjusted for both and for the number of figures.',
];
