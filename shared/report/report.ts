/** What a thing is said to be; never told by colour alone. */
export type Tone = 'good' | 'bad' | 'unsure' | 'plain';

/** One report, as data: plain JSON, no NaN, no infinity. Its size is bounded whatever the number of rows. */
export type Report = {
  kind: 'drift' | 'quality' | 'performance' | 'experiment' | 'fairness';
  title: string;
  /** What was looked at, in one line. */
  subject: string;
  verdict: { tone: Tone; word: string; sentence: string };
  facts: Fact[];
  sections: Section[];
};

/** A figure worth seeing first. */
export type Fact = { label: string; value: string; note?: string };

export type Section = { heading: string; blocks: Block[] };

export type Block = Paragraph | Table | Figure | Fold;

export type Paragraph = { kind: 'text'; text: string };

export type Table = {
  kind: 'table';
  caption: string;
  columns: { label: string; isNumber?: boolean }[];
  /** One cell a column; the first says what the row is about. */
  rows: Cell[][];
};

export type Cell = {
  text: string;
  /** What to sort by, where the text would sort wrongly; null sorts last. */
  order?: number | null;
  tone?: Tone;
  spark?: Spark;
  /** Id of the fold that says more. */
  leadsTo?: string;
};

/** A drawing inside a cell: the row or its fold says the same. An empty sample is not drawn. */
export type Spark =
  | { type: 'distributions'; reference: number[]; current: number[] }
  | { type: 'interval'; value: number; low: number; high: number; from: number; to: number };

/** Something to open: a column, a group, a metric. */
export type Fold = {
  kind: 'fold';
  /** Letters, digits and dashes; unique in the report. */
  id: string;
  heading: string;
  tone: Tone;
  /** One or two words beside the heading. */
  mark: string;
  summary: string;
  isOpen: boolean;
  blocks: Exclude<Block, Fold>[];
};

export type Figure = { kind: 'figure'; title: string; drawing: Drawing };

export type Drawing = Histogram | CategoryBars | Intervals | Curves;

export type ValueFormat = 'number' | 'percent';

/** Shares of samples in the same bins. */
export type Histogram = {
  type: 'histogram';
  /** Ascending, shape [bins + 1]. */
  edges: number[];
  /** The first and last bins also hold what lies beyond them. */
  isOpenEnded: boolean;
  axis: string;
  series: { name: string; shares: number[] }[];
};

/** Shares of samples by category, most frequent first. */
export type CategoryBars = {
  type: 'categories';
  labels: string[];
  series: { name: string; shares: number[] }[];
};

/** Estimates with their intervals, one a row. A bound that is null is open. */
export type Intervals = {
  type: 'intervals';
  axis: string;
  format: ValueFormat;
  /** Value to compare with: no effect, the overall rate. */
  baseline: { value: number; label: string } | null;
  /** What low and high are; absent: a 95 % interval. */
  interval?: string;
  rows: {
    label: string;
    value: number;
    low: number | null;
    high: number | null;
    tone: Tone;
  }[];
};

/** Points over a common horizontal axis: metrics over time, calibration, residuals. */
export type Curves = {
  type: 'curves';
  x: { label: string; format: ValueFormat };
  y: { label: string; format: ValueFormat };
  series: Curve[];
  /** Horizontal lines to hold the points against. */
  levels: { label: string; value: number }[];
  /** What happened at places along the horizontal axis: a lane a name, under the points. */
  events?: Lane[];
};

export type Lane = {
  name: string;
  at: { x: number; tone: 'bad' | 'unsure'; label: string }[];
};

export type Curve = {
  name: string;
  style: 'line' | 'points' | 'dashed';
  points: { x: number; y: number; low?: number; high?: number; label?: string }[];
};

export const paragraph = (text: string): Paragraph => ({ kind: 'text', text });

export const figure = (title: string, drawing: Drawing): Figure => ({
  kind: 'figure',
  title,
  drawing,
});
