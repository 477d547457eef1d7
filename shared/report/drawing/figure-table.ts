import { percentText, rangeText, valueText } from '../number-text.ts';
import type { Curves, Drawing, Intervals, Table } from '../report.ts';
import { binText } from './draw-histogram.ts';

/** The numbers of a drawing, for those who cannot or do not want to see it. */
export function figureTable(drawing: Drawing, caption: string): Table {
  switch (drawing.type) {
    case 'histogram':
      return shareTable(caption, {
        ...drawing,
        labels: drawing.edges.slice(1).map((_, i) => binText(drawing, i)),
      });
    case 'categories':
      return shareTable(caption, drawing);
    case 'intervals':
      return intervalTable(caption, drawing);
    case 'curves':
      return curveTable(caption, drawing);
  }
}

const number = (label: string) => ({ label, isNumber: true });

function shareTable(
  caption: string,
  { labels, series }: { labels: string[]; series: { name: string; shares: number[] }[] },
): Table {
  return {
    kind: 'table',
    caption,
    columns: [{ label: 'values' }, ...series.map(({ name }) => number(name))],
    rows: labels.map((text, i) => [
      { text, order: i },
      ...series.map(({ shares }) => ({ text: percentText(shares[i]), order: shares[i] })),
    ]),
  };
}

function intervalTable(
  caption: string,
  { axis, format, rows, interval = '95 % interval' }: Intervals,
): Table {
  return {
    kind: 'table',
    caption,
    columns: [{ label: '' }, number(axis), { label: interval }],
    rows: rows.map(({ label, value, low, high }) => [
      { text: label },
      { text: valueText(value, format), order: value },
      { text: rangeText(low, high, format) },
    ]),
  };
}

function curveTable(caption: string, { x, y, series, events = [] }: Curves): Table {
  const shown = series.filter(({ style }) => style !== 'dashed');
  return {
    kind: 'table',
    caption: shown.length > 1 ? `${caption} (${shown.length} series)` : caption,
    columns: [{ label: 'series' }, number(x.label), number(y.label), { label: 'interval' }],
    rows: [
      ...shown.flatMap(({ name, points }) =>
        points.map((point) => [
          { text: name },
          { text: point.label ?? valueText(point.x, x.format), order: point.x },
          { text: valueText(point.y, y.format), order: point.y },
          {
            text:
              point.low === undefined || point.high === undefined
                ? '–'
                : rangeText(point.low, point.high, y.format),
          },
        ]),
      ),
      ...events.flatMap(({ name, at }) =>
        at.map((mark) => [
          { text: name },
          { text: mark.label, order: mark.x },
          { text: '–' },
          { text: '–' },
        ]),
      ),
    ],
  };
}
