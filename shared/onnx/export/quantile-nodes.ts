import type { QuantileStep } from '../../prepare/steps/quantile.ts';
import { combine, concatColumns, gatherColumns } from './column-nodes.ts';
import type { Columns, GraphWriter } from './graph-writer.ts';
import { type Segment, searchTree } from './search-tree.ts';
import { treeNodes } from './tree-nodes.ts';

/**
 * The shares of training values below, as `applyQuantile`. No operator interpolates, but a tree finds
 * the segment of a value: its leaf holds where the segment starts, its slope, and the share there.
 */
export function quantileNodes(
  writer: GraphWriter,
  { points, quantiles }: QuantileStep,
  columns: Columns,
): Columns {
  const all = Array.from({ length: columns.width }, (_, j) => j);
  const changed = all.filter((j) => !Number.isNaN(quantiles[j * points]));
  if (changed.length === 0) return columns;
  const found = concatColumns(
    writer,
    changed.map((j) => {
      const own = quantiles.subarray(j * points, (j + 1) * points);
      return treeNodes(writer, searchTree(segmentsOf(own), j), columns);
    }),
  );
  const part = (at: number) =>
    gatherColumns(
      writer,
      found,
      changed.map((_, c) => 3 * c + at),
    ).tensor;
  const x = gatherColumns(writer, columns, changed).tensor;
  const rise = combine(writer, 'Mul', combine(writer, 'Sub', x, part(0)), part(1));
  const shares = { tensor: combine(writer, 'Add', rise, part(2)), width: changed.length };
  const order = all.map((j) => {
    const at = changed.indexOf(j);
    return at < 0 ? j : columns.width + at;
  });
  return gatherColumns(writer, concatColumns(writer, [columns, shares]), order);
}

/** Pieces of the line through ascending quantiles; a value that comes more than once has its own. */
function segmentsOf(quantiles: Float32Array): Segment[] {
  const last = quantiles.length - 1;
  const flat = (upTo: number, share: number): Segment => ({ upTo, values: [0, 0, share] });
  const segments: Segment[] = [flat(quantiles[0], 0)];
  for (let first = 0; first <= last; ) {
    let end = first;
    while (end < last && quantiles[end + 1] === quantiles[first]) end++;
    const value = quantiles[first];
    const isInner = first > 0 && end < last;
    if (isInner && end > first) segments.push(flat(value, (first + end) / (2 * last)));
    const next = quantiles[end + 1];
    if (end < last) {
      const isRepeated = end + 1 < last && quantiles[end + 2] === next;
      const isLast = next === quantiles[last];
      const slope = 1 / ((next - value) * last);
      const upTo = isRepeated || isLast ? floatBelow(next) : next;
      segments.push({ upTo, values: [value, slope, end / last] });
    }
    first = end + 1;
  }
  return [...segments, flat(Number.POSITIVE_INFINITY, 1)];
}

/** The next smaller float32. */
function floatBelow(value: number): number {
  const float = Float32Array.of(value === 0 ? -0 : value);
  new Int32Array(float.buffer)[0] += value > 0 ? -1 : 1;
  return float[0];
}
