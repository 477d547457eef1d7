import { normalQuantile } from '../../stats/distributions/normal.ts';
import type { CalibrationQuality } from '../../stats/estimate/calibration-quality.ts';
import type { EstimateDoubt } from '../../stats/estimate/estimate-doubts.ts';
import { numberText, percentText } from '../number-text.ts';
import { type Cell, type Figure, figure, paragraph, type Report, type Table } from '../report.ts';
import { metricFormat, metricName, metricText } from './metric-names.ts';

export type EstimatedMetric = { name: string; value: number; standardError: number | null };

export type EstimatedChunk = {
  chunk: number;
  n: number;
  metrics: EstimatedMetric[];
  /** Why not to believe it. */
  doubts: readonly (EstimateDoubt | 'nothing_learned')[];
};

/** What a model's performance is estimated to be where nothing is known of what happened. */
export type EstimateFindings = {
  kind: 'classifier' | 'regressor';
  /** What it was on the reference, by name; the first is followed. */
  realised: { name: string; value: number }[];
  /** Were the probabilities made honest first? */
  calibrated: boolean;
  /** How far they are then from what happened on the reference; left out of a regressor. */
  calibrationError?: CalibrationQuality | null;
  chunks: EstimatedChunk[];
};

const MAX_CHUNKS = 200;
/** Standard errors from the reference at which a chunk is told. */
const FAR = 3;
const REACH = normalQuantile(0.025, 'upper');

/** Estimated performance by chunk, against what it was where labels were known. */
export function estimateReport(
  findings: EstimateFindings,
  { title, subject }: { title: string; subject: string },
): Report {
  const { realised, chunks } = findings;
  const shown = chunks.slice(-MAX_CHUNKS);
  const rows = chunks.reduce((sum, { n }) => sum + n, 0);
  return {
    kind: 'performance',
    title,
    subject,
    verdict: verdictOf(findings),
    facts: [
      { label: 'Rows', value: numberText(rows), note: 'without labels' },
      { label: 'Chunks', value: numberText(chunks.length) },
      ...realised.map((metric) => ({
        label: metricName(metric.name),
        value: metricText(metric),
        note: 'on the reference',
      })),
      ...(findings.calibrationError ? [calibrationFact(findings.calibrationError)] : []),
      { label: 'Doubtful chunks', value: numberText(chunks.filter(isDoubtful).length) },
    ],
    sections: [
      {
        heading: 'By chunk',
        blocks: [
          ...realised.map((metric) => chunkFigure(metric, shown)),
          chunkTable(shown, realised),
        ],
      },
      { heading: 'How this was judged', blocks: explanation(findings).map(paragraph) },
    ],
  };
}

const calibrationFact = ({ value, interval }: CalibrationQuality): Report['facts'][number] => ({
  label: 'Calibration error',
  value: percentText(value),
  note: `on the reference, ${interval.map(percentText).join(' to ')}`,
});

const isDoubtful = ({ doubts }: EstimatedChunk): boolean => doubts.length > 0;

/** Is the estimate worse, or better, than on the reference by more than its own error explains? */
function sideOf(
  chunk: EstimatedChunk,
  findings: EstimateFindings,
): 'worse' | 'better' | 'as before' {
  const [followed] = findings.realised;
  const metric = chunk.metrics.find(({ name }) => name === followed.name);
  if (!metric || metric.standardError === null) return 'as before';
  const gap = metric.value - followed.value;
  if (Math.abs(gap) <= FAR * metric.standardError) return 'as before';
  return gap > 0 === (findings.kind === 'classifier') ? 'better' : 'worse';
}

function verdictOf(findings: EstimateFindings): Report['verdict'] {
  const { chunks, realised } = findings;
  const name = metricName(realised[0]?.name ?? 'accuracy');
  if (chunks.length === 0)
    return {
      tone: 'unsure',
      word: 'Too little data',
      sentence: 'There are no rows to estimate for.',
    };
  const believed = chunks.filter((chunk) => !isDoubtful(chunk));
  if (believed.length === 0)
    return {
      tone: 'unsure',
      word: 'Not to be believed',
      sentence: `${DOUBTS[chunks[0].doubts[0]]}.`,
    };
  const worse = believed.filter((chunk) => sideOf(chunk, findings) === 'worse').length;
  const doubt =
    believed.length < chunks.length
      ? ` ${chunks.length - believed.length} are not to be believed.`
      : '';
  if (worse === 0)
    return {
      tone: doubt === '' ? 'good' : 'unsure',
      word: 'As before',
      sentence: `${name} is estimated no worse than on the reference in any of ${believed.length} chunks.${doubt}`,
    };
  return {
    tone: 'bad',
    word: 'Worse',
    sentence: `${name} is estimated worse than on the reference in ${worse} of ${believed.length} chunks.${doubt}`,
  };
}

function chunkFigure(realised: { name: string; value: number }, chunks: EstimatedChunk[]): Figure {
  const points = chunks.flatMap(({ chunk, metrics }) => {
    const metric = metrics.find(({ name }) => name === realised.name);
    if (!metric) return [];
    const reach = metric.standardError === null ? null : REACH * metric.standardError;
    const band: { low?: number; high?: number } =
      reach === null ? {} : { low: metric.value - reach, high: metric.value + reach };
    return [{ x: chunk + 1, y: metric.value, ...band, label: `chunk ${chunk + 1}` }];
  });
  const hasBand = points.some(({ low }) => low !== undefined);
  return figure(`${metricName(realised.name)}, estimated`, {
    type: 'curves',
    x: { label: 'chunk', format: 'number' },
    y: {
      label: `${metricName(realised.name)}${hasBand ? ` ± ${numberText(REACH)} standard errors` : ''}`,
      format: metricFormat(realised.name),
    },
    levels: [{ label: 'on the reference', value: realised.value }],
    series: [{ name: metricName(realised.name), style: 'line', points }],
  });
}

export const DOUBTS: Record<EstimatedChunk['doubts'][number], string> = {
  nothing_learned: 'The error does not follow the inputs: the estimate stays near the reference',
  beyond_reference: 'A tenth of the rows or more lie outside what the reference covers',
  small_reference:
    'The reference has too few rows, or too few of a class, to know what a probability means',
  poorly_calibrated:
    "The reference's probabilities are not honest: what happened is beyond chance another share",
  other_probabilities: "The probabilities are distributed otherwise than the reference's",
  small_chunk: 'There are too few rows: the error of the estimate itself is large',
};

function chunkTable(chunks: EstimatedChunk[], realised: readonly { name: string }[]): Table {
  const number = (label: string) => ({ label, isNumber: true });
  return {
    kind: 'table',
    caption: 'Each chunk, ± the standard error of its estimate',
    columns: [
      number('Chunk'),
      number('Rows'),
      ...realised.map(({ name }) => number(metricName(name))),
      { label: 'Doubts' },
    ],
    rows: chunks.map(({ chunk, n, metrics, doubts }) => [
      { text: numberText(chunk + 1), order: chunk },
      { text: numberText(n), order: n },
      ...realised.map(({ name }): Cell => {
        const metric = metrics.find((other) => other.name === name);
        if (!metric) return { text: '–', order: null };
        const error = metric.standardError;
        const value = error === null ? '' : ` ± ${metricText({ name, value: error })}`;
        return { text: `${metricText(metric)}${value}`, order: metric.value };
      }),
      doubts.length === 0
        ? { text: 'none' }
        : { text: doubts.map((doubt) => DOUBTS[doubt]).join('; '), tone: 'unsure' },
    ]),
  };
}

const explanation = ({ kind, calibrated }: EstimateFindings): string[] => [
  kind === 'classifier'
    ? `By confidence (CBPE): a prediction of probability q is right with chance q. ${calibrated ? "The probabilities were made honest by the reference's labels first." : 'Calibrating the probabilities would not have made them more honest on the reference.'} Standard errors count the labels of the chunk and of the reference.`
    : 'By direct loss estimation: a model of the error, learned on the reference from the inputs and the prediction, says what the error is at these inputs.',
  'Nothing here sees that the relation of inputs to outcomes has changed: then the estimate stays as it was and the truth does not. Only outcomes tell.',
  `A chunk is worse when its estimate is more than ${FAR} of its standard errors beyond what was realised on the reference.`,
];
