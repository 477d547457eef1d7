import type { Spark } from '../report.ts';
import { px } from './scale.ts';

const WIDTH = 104;
const HEIGHT = 24;

/** A drawing of a cell's size. It is hidden from readers aloud: the cell's text says the same. */
export function drawSpark(spark: Spark): string {
  const parts = spark.type === 'interval' ? interval(spark) : distributions(spark);
  return `<svg class="spark" aria-hidden="true" viewBox="0 0 ${WIDTH} ${HEIGHT}">${parts}</svg>`;
}

function distributions({ reference, current }: Extract<Spark, { type: 'distributions' }>): string {
  const top = Math.max(...reference, ...current, 1e-12);
  const outline = (shares: readonly number[]): string => {
    const step = WIDTH / Math.max(1, shares.length);
    const steps = shares.map(
      (share, i) => `V${px(HEIGHT - (share / top) * (HEIGHT - 1))}H${px((i + 1) * step)}`,
    );
    return `M0 ${HEIGHT}${steps.join('')}V${HEIGHT}Z`;
  };
  const path = (shares: readonly number[], look: string): string =>
    shares.length === 0 ? '' : `<path class="area ${look}" d="${outline(shares)}"/>`;
  return path(reference, 's0') + path(current, 's1');
}

function interval(spark: Extract<Spark, { type: 'interval' }>): string {
  const width = spark.to - spark.from || 1;
  const at = (value: number): string =>
    px(4 + Math.min(1, Math.max(0, (value - spark.from) / width)) * (WIDTH - 8));
  const zero =
    spark.from <= 0 && spark.to >= 0 ? `<path class="baseline" d="M${at(0)} 2V22"/>` : '';
  return `${zero}<path class="whisker" d="M${at(spark.low)} 12H${at(spark.high)}"/><circle class="dot" cx="${at(spark.value)}" cy="12" r="3.5"/>`;
}
