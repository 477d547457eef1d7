import type { GateForecast } from '../../stats/performance/forecast-gate.ts';
import { countText, numberText } from '../number-text.ts';
import { metricFormat, metricName, metricText } from './metric-names.ts';

/** Rows that a change of a figure is told over. */
const ROWS = 1000;

/** When a figure's trend reaches its gate, in words. */
export function gateSentence({ name, limit, crossing }: GateForecast): string {
  const figure = metricName(name);
  const gate = metricText({ name, value: limit });
  if (!crossing)
    return `${figure}: at least three chunks are needed to tell when it crosses ${gate}.`;
  const { verdict, slope, at, earliest, latest } = crossing;
  const moved = Math.abs(slope) * ROWS;
  const change =
    metricFormat(name) === 'percent' ? countText(moved * 100, 'point') : numberText(moved);
  const trend = `it ${slope < 0 ? 'falls' : 'rises'} by ${change} in ${numberText(ROWS)} rows`;
  const from = earliest === null || earliest < 0 ? 'before the first' : `row ${rowText(earliest)}`;
  const to = latest === null ? 'never' : `row ${rowText(latest)}`;
  if (verdict === 'holds') return `${figure} does not move towards ${gate}: ${trend}.`;
  if (verdict === 'crossed')
    return at === null
      ? `${figure} is beyond ${gate}, and does not get worse: ${trend}.`
      : `${figure} has crossed ${gate}, by its trend at row ${rowText(at)} (95 % interval ${from} to ${to}): ${trend}.`;
  const when = `at row ${rowText(at ?? Number.NaN)} (95 % interval ${from} to ${to})`;
  return verdict === 'will_cross'
    ? `${figure} will cross ${gate} ${when} if it goes on as it does: ${trend}.`
    : `${figure} may cross ${gate} ${when}: ${trend}, which may be chance.`;
}

const rowText = (row: number): string => numberText(Math.round(row));
