import { FARTHEST, type NearestImputeStep } from '../../prepare/steps/nearest-impute.ts';
import { intAttribute } from '../graph.ts';
import {
  combine,
  concatColumns,
  gatherColumns,
  reduceAxis,
  reduceRows,
  rowConstant,
  rowDoubles,
  toDouble,
  toFloat,
  transform,
  turned,
} from './column-nodes.ts';
import type { Columns, GraphWriter } from './graph-writer.ts';

/** A rank of donors that have no known column in common with the row: after all others. */
const INCOMPARABLE = 3e38;

/**
 * Gaps filled from the nearest donors, as `applyNearestImpute`. Columns that the same donors know have
 * the same nearest ones: they are filled together.
 */
export function nearestImputeNodes(
  writer: GraphWriter,
  step: NearestImputeStep,
  columns: Columns,
): Columns {
  const { means, donors } = step;
  const { width } = columns;
  const groups = alikeKnown(donors, width);
  const ranks = rankNodes(writer, step, columns);
  const filled = groups.map((group): Columns => {
    const gaps = gatherColumns(writer, columns, group);
    const isMissing = transform(writer, 'IsNaN', gaps.tensor);
    const fallback = rowConstant(
      writer,
      group.map((j) => means[j]),
    );
    const values = donorNodes(writer, step, { ranks, group }) ?? fallback;
    return { tensor: choose(writer, isMissing, values, gaps.tensor), width: group.length };
  });
  const places = groups.flat();
  const order = Array.from({ length: width }, (_, j) => places.indexOf(j));
  return gatherColumns(writer, concatColumns(writer, filled), order);
}

/** Columns, together with those that miss a value in the same donors. */
function alikeKnown(donors: Float32Array, width: number): number[][] {
  const groups = new Map<string, number[]>();
  for (let j = 0; j < width; j++) {
    const missing: number[] = [];
    for (let at = j; at < donors.length; at += width)
      if (Number.isNaN(donors[at])) missing.push((at - j) / width);
    const key = missing.join();
    groups.set(key, [...(groups.get(key) ?? []), j]);
  }
  return [...groups.values()];
}

/**
 * 1 + distance squared of each row to each donor, float32 [N, donors]. Of standardised values with 0
 * for missing, and of what is known: x2 . known + known . d2 - 2 x . d, times columns / known in both.
 */
function rankNodes(
  writer: GraphWriter,
  { donors, means, scale }: NearestImputeStep,
  { tensor, width }: Columns,
): string {
  const count = donors.length / width;
  const rows = standardNodes(writer, tensor, {
    centre: rowConstant(writer, means),
    scale: rowConstant(writer, scale),
  });
  const points = standardNodes(writer, writer.constant(turned(donors, width), [width, count]), {
    centre: writer.constant(means, [width, 1]),
    scale: writer.constant(scale, [width, 1]),
  });
  const product = (a: string, b: string) => combine(writer, 'MatMul', a, b);
  const sums = combine(
    writer,
    'Add',
    product(square(writer, rows.values), points.known),
    product(rows.known, square(writer, points.values)),
  );
  const twice = combine(
    writer,
    'Mul',
    product(rows.values, points.values),
    rowDoubles(writer, [2]),
  );
  const apart = combine(
    writer,
    'Max',
    combine(writer, 'Sub', sums, twice),
    rowDoubles(writer, [0]),
  );
  const known = product(rows.known, points.known);
  const all = combine(writer, 'Mul', apart, rowDoubles(writer, [width]));
  const distance = combine(
    writer,
    'Div',
    all,
    combine(writer, 'Max', known, rowDoubles(writer, [1])),
  );
  const near = combine(writer, 'Min', distance, rowDoubles(writer, [FARTHEST]));
  return choose(
    writer,
    combine(writer, 'Equal', known, rowDoubles(writer, [0])),
    rowConstant(writer, [INCOMPARABLE]),
    toFloat(writer, combine(writer, 'Add', near, rowDoubles(writer, [1]))),
  );
}

/** In float64: (x - centre) scale with 0 for missing, and 1 where x is known. */
function standardNodes(
  writer: GraphWriter,
  tensor: string,
  { centre, scale }: { centre: string; scale: string },
): { values: string; known: string } {
  const isMissing = transform(writer, 'IsNaN', tensor);
  const centred = combine(writer, 'Sub', toDouble(writer, tensor), toDouble(writer, centre));
  const scaled = combine(writer, 'Mul', centred, toDouble(writer, scale));
  return {
    values: choose(writer, isMissing, rowDoubles(writer, [0]), scaled),
    known: toDouble(writer, transform(writer, 'Not', isMissing)),
  };
}

/** Means of the group's columns in the nearest donors that know them; null where none does. */
function donorNodes(
  writer: GraphWriter,
  { donors, neighbors, means }: NearestImputeStep,
  { ranks, group }: { ranks: string; group: readonly number[] },
): string | null {
  const width = means.length;
  const count = donors.length / width;
  const isKnown = Array.from(
    { length: count },
    (_, d) => !Number.isNaN(donors[d * width + group[0]]),
  );
  const k = Math.min(neighbors, isKnown.filter(Boolean).length);
  if (k === 0) return null;
  const others = rowConstant(
    writer,
    isKnown.map((known) => (known ? 0 : Number.POSITIVE_INFINITY)),
  );
  const open = isKnown.every(Boolean) ? ranks : combine(writer, 'Max', ranks, others);
  const nearest = {
    opType: 'TopK',
    inputs: [open, writer.constant(BigInt64Array.of(BigInt(k)), [1])],
    attributes: [intAttribute('axis', 1), intAttribute('largest', 0)],
  };
  const places = writer.add({ ...nearest, unreadBefore: 1 });
  const own = Float32Array.from({ length: count * group.length }, (_, at) => {
    const value = donors[Math.floor(at / group.length) * width + group[at % group.length]];
    return Number.isNaN(value) ? 0 : value;
  });
  const table = writer.constant(own, [count, group.length]);
  const found = toDouble(writer, writer.add({ opType: 'Gather', inputs: [table, places] }));
  const sum = reduceAxis(writer, 'ReduceSum', { tensor: found, axis: 1, isKept: false });
  const mean = toFloat(writer, combine(writer, 'Div', sum, rowDoubles(writer, [k])));
  const least = reduceRows(writer, 'ReduceMin', open);
  const isNone = combine(writer, 'GreaterOrEqual', least, rowConstant(writer, [INCOMPARABLE]));
  const fallback = rowConstant(
    writer,
    group.map((j) => means[j]),
  );
  return choose(writer, isNone, fallback, mean);
}

const choose = (writer: GraphWriter, condition: string, yes: string, no: string): string =>
  writer.add({ opType: 'Where', inputs: [condition, yes, no] });

const square = (writer: GraphWriter, tensor: string): string =>
  combine(writer, 'Mul', tensor, tensor);
