import type {
  ColumnDrift,
  TableColumn,
  TableDrift,
} from '../../shared/stats/drift/compare-tables.ts';
import type { EffectSize } from '../../shared/stats/drift/effect-size.ts';
import { countCells, distinctOf, histogram } from '../../shared/stats/drift/evidently-bins.ts';
import { numbersOf, type SamplePair } from '../../shared/stats/drift/sample.ts';

type Bars = { labels: string[]; reference: number[]; current: number[] };

const BAR_COUNT = 20;
const WIDTH = 420;
const HEIGHT = 120;
const WORDS = { true: 'drifted', false: 'no drift', null: 'too little data' } as const;

/**
 * A drift report as one HTML file: no script, no request, readable printed. Each column folds open to its two
 * histograms and the results of its methods; the size depends on the columns, not on the rows.
 */
export function driftHtml(
  drift: TableDrift,
  columns: readonly TableColumn[],
  title: string,
): string {
  const pairs = new Map(columns.map(({ column, pair }) => [column, pair]));
  const sections = drift.columns.map((column) => sectionOf(column, pairs.get(column.column)!));
  const { drifted, share, method } = drift.dataset;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><style>${STYLE}</style></head><body>
<h1>${escapeHtml(title)}</h1>
<p>Dataset: <b>${WORDS[`${drifted}`]}</b>. ${percent(share)} of ${drift.columns.length} columns drifted (${escapeHtml(method)}).</p>
${sections.join('\n')}
</body></html>
`;
}

const STYLE = `
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
details{border-top:1px solid #ccc;padding:.5rem 0}summary{cursor:pointer}
table{border-collapse:collapse}td,th{padding:.15rem .8rem .15rem 0;text-align:left}
.drifted{color:#a40000;font-weight:600}.reference{fill:#8a8a8a}.current{fill:#0b63b0;opacity:.75}
@media print{details>*{display:block}}`;

function sectionOf(column: ColumnDrift, pair: SamplePair): string {
  const verdict = WORDS[`${column.drifted}`];
  const [first] = column.results;
  const p = first.pValue === null ? '' : `, p ${short(first.pValue)}`;
  const rows = column.results.map(
    (result) =>
      `<tr><td>${escapeHtml(result.method)}</td><td>${short(result.statistic)}</td><td>${short(result.pValue)}</td><td>${short(result.effectSize)}</td><td>${short(result.threshold)}</td></tr>`,
  );
  return `<details${column.drifted ? ' open' : ''}><summary><b>${escapeHtml(column.column)}</b> (${column.type}): <span class="${column.drifted ? 'drifted' : ''}">${verdict}</span>${p}</summary>
<p>${column.nReference} reference values, ${column.nCurrent} current; grey: reference, blue: current.</p>
<p>${column.effects.map(effectText).join('; ')}</p>
${chartOf(barsOf(pair))}
<table><tr><th>method</th><th>statistic</th><th>p</th><th>effect</th><th>threshold</th></tr>${rows.join('')}</table></details>`;
}

const effectText = ({ name, value, interval: [low, high] }: EffectSize): string =>
  `${name.replaceAll('_', ' ')} ${short(value)}, 95 % interval ${short(low)} to ${short(high)}`;

/** Shares of both samples in bins of equal width, or in the most frequent categories. */
function barsOf(pair: SamplePair): Bars {
  const numbers = numbersOf(pair);
  if (!numbers) return categoryBars(pair);
  const edges = evenEdges([numbers.reference, numbers.current]);
  return {
    labels: edges.slice(1).map((edge, i) => `${short(edges[i])} to ${short(edge)}`),
    reference: shares(histogram(numbers.reference, edges)),
    current: shares(histogram(numbers.current, edges)),
  };
}

function evenEdges(samples: readonly Float64Array[]): number[] {
  let low = Infinity;
  let high = -Infinity;
  for (const values of samples)
    for (const value of values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  if (!(low < high)) return Number.isFinite(low) ? [low - 0.5, low + 0.5] : [0, 1];
  return Array.from({ length: BAR_COUNT + 1 }, (_, i) => low + (i * (high - low)) / BAR_COUNT);
}

function categoryBars(pair: SamplePair): Bars {
  const cells = distinctOf(pair);
  const counts = [countCells(pair.reference, cells), countCells(pair.current, cells)];
  const order = cells
    .map((_, i) => i)
    .sort((a, b) => counts[0][b] + counts[1][b] - counts[0][a] - counts[1][a]);
  const shown = order.slice(0, BAR_COUNT);
  const [reference, current] = counts.map(shares);
  return {
    labels: shown.map((i) => cells[i]),
    reference: shown.map((i) => reference[i]),
    current: shown.map((i) => current[i]),
  };
}

function shares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total === 0 ? 0 : count / total));
}

function chartOf({ labels, reference, current }: Bars): string {
  const top = Math.max(...reference, ...current, 1e-9);
  const slot = WIDTH / Math.max(1, labels.length);
  const bar = (side: 'reference' | 'current', share: number, i: number): string => {
    const x = i * slot + (side === 'current' ? slot * 0.45 : 0);
    const height = (share / top) * HEIGHT;
    const text = `${labels[i]}: ${percent(share)} ${side}`;
    return `<rect class="${side}" x="${x.toFixed(1)}" y="${(HEIGHT - height).toFixed(1)}" width="${(slot * 0.42).toFixed(1)}" height="${height.toFixed(1)}"><title>${escapeHtml(text)}</title></rect>`;
  };
  const bars = labels.map(
    (_, i) => bar('reference', reference[i], i) + bar('current', current[i], i),
  );
  return `<svg role="img" aria-label="Histogram of reference and current" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">${bars.join('')}</svg>`;
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (symbol) => `&#${symbol.charCodeAt(0)};`);

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

const short = (value: number | null): string =>
  value === null ? '–' : String(Number(value.toPrecision(3)));
