import type { Calibration } from '../../learn/calibration/calibration.ts';
import { isPair, shareAdded } from '../../learn/calibration/class-scores.ts';
import type { IsotonicMap } from '../../stats/estimate/isotonic.ts';
import {
  combine,
  concatColumns,
  gatherColumns,
  rowConstant,
  rowDoubles,
  toDouble,
  toFloat,
  transform,
} from './column-nodes.ts';
import type { Columns, GraphWriter } from './graph-writer.ts';
import { normaliseNodes, pairNodes, softmaxNodes } from './link-nodes.ts';
import { type Segment, searchTree } from './search-tree.ts';
import { treeNodes } from './tree-nodes.ts';

/** Calibrated probabilities [N, classes] of what the calibration reads, as `calibrate`. */
export function calibrationNodes(
  writer: GraphWriter,
  { calibration, classes }: { calibration: Calibration; classes: number },
  scores: Columns,
): Columns {
  const isMargin = calibration.reads === 'margin';
  const added = shareAdded(calibration.reads);
  switch (calibration.type) {
    case 'isotonic': {
      const isSecond = isPair(classes) && !isMargin;
      const read = isSecond ? gatherColumns(writer, scores, [1]) : scores;
      return sharesNodes(writer, isotonicNodes(writer, calibration.maps, read));
    }
    case 'sigmoid': {
      const odds = isMargin ? toDouble(writer, scores.tensor) : oddsNodes(writer, scores, added);
      return sharesNodes(writer, sigmoidNodes(writer, calibration.maps, odds));
    }
    case 'temperature': {
      const map = { slope: -1 / calibration.temperature, offset: 0 };
      if (isMargin)
        return sharesNodes(writer, sigmoidNodes(writer, [map], toDouble(writer, scores.tensor)));
      const logs = logNodes(writer, toDouble(writer, scores.tensor), added);
      const cooled = combine(writer, 'Div', logs, rowDoubles(writer, [calibration.temperature]));
      return { tensor: softmaxNodes(writer, toFloat(writer, cooled)), width: classes };
    }
  }
}

/** Of the second of two classes alone: [1 - p, p]; of several: shares of their sum. */
const sharesNodes = (writer: GraphWriter, chances: Columns): Columns =>
  chances.width === 1
    ? pairNodes(writer, chances.tensor)
    : { tensor: normaliseNodes(writer, chances), width: chances.width };

const logNodes = (writer: GraphWriter, shares: string, added: number): string =>
  transform(writer, 'Log', combine(writer, 'Add', shares, rowDoubles(writer, [added])));

/** In float64: the logarithm of each share less that of the others' sum; of two, of the second alone. */
function oddsNodes(writer: GraphWriter, scores: Columns, added: number): string {
  const { width } = scores;
  const columns = isPair(width) ? [1] : Array.from({ length: width }, (_, k) => k);
  const isOther = Float64Array.from({ length: width * columns.length }, (_, at) =>
    Math.floor(at / columns.length) === columns[at % columns.length] ? 0 : 1,
  );
  const others = combine(
    writer,
    'MatMul',
    toDouble(writer, scores.tensor),
    writer.constant(isOther, [width, columns.length]),
  );
  const own = toDouble(writer, gatherColumns(writer, scores, columns).tensor);
  return combine(writer, 'Sub', logNodes(writer, own, added), logNodes(writer, others, added));
}

function sigmoidNodes(
  writer: GraphWriter,
  maps: readonly { slope: number; offset: number }[],
  odds: string,
): Columns {
  const slopes = rowDoubles(
    writer,
    maps.map(({ slope }) => -slope),
  );
  const offsets = rowDoubles(
    writer,
    maps.map(({ offset }) => -offset),
  );
  const sum = combine(writer, 'Add', combine(writer, 'Mul', odds, slopes), offsets);
  return { tensor: transform(writer, 'Sigmoid', toFloat(writer, sum)), width: maps.length };
}

/**
 * Lines between knots: a tree finds the segment of each column's value; its leaf holds where the
 * segment starts, its slope and its chance there.
 */
function isotonicNodes(
  writer: GraphWriter,
  maps: readonly IsotonicMap[],
  scores: Columns,
): Columns {
  const found = concatColumns(
    writer,
    maps.map((map, k) => treeNodes(writer, searchTree(segmentsOf(map), k), scores)),
  );
  const part = (at: number) =>
    gatherColumns(
      writer,
      found,
      maps.map((_, k) => 3 * k + at),
    ).tensor;
  const rise = combine(writer, 'Mul', combine(writer, 'Sub', scores.tensor, part(0)), part(1));
  // Rounding must not leave [0, 1].
  const chance = combine(
    writer,
    'Min',
    combine(writer, 'Add', rise, part(2)),
    rowConstant(writer, [1]),
  );
  return { tensor: chance, width: maps.length };
}

function segmentsOf({ x, y }: IsotonicMap): Segment[] {
  const flat = (upTo: number, chance: number): Segment => ({ upTo, values: [0, 0, chance] });
  const between = x.slice(1).map((upTo, i): Segment => {
    const slope = Math.fround((y[i + 1] - y[i]) / (upTo - x[i]));
    // Knots so near that the line between them is no number of float32: a step.
    return Number.isFinite(slope) ? { upTo, values: [x[i], slope, y[i]] } : flat(upTo, y[i + 1]);
  });
  return [flat(x[0], y[0]), ...between, flat(Number.POSITIVE_INFINITY, y[y.length - 1])];
}
