import type { Step } from '../../prepare/step.ts';
import type { ClipStep } from '../../prepare/steps/clip.ts';
import type { FlagStep } from '../../prepare/steps/flag.ts';
import type { IndicatorStep } from '../../prepare/steps/indicators.ts';
import type { ProductsStep } from '../../prepare/steps/products.ts';
import type { ProjectStep } from '../../prepare/steps/project.ts';
import { ELEMENT_TYPE } from '../graph.ts';
import { chainedImputeNodes } from './chained-impute-nodes.ts';
import {
  cast,
  combine,
  concatColumns,
  gatherColumns,
  reduceRows,
  rowConstant,
  transform,
} from './column-nodes.ts';
import { imputeNodes, scaleNodes } from './encoding-nodes.ts';
import type { Columns, GraphWriter } from './graph-writer.ts';
import { nearestImputeNodes } from './nearest-impute-nodes.ts';
import { powerNodes } from './power-nodes.ts';
import { quantileNodes } from './quantile-nodes.ts';

/** A step applied to the matrix, as `applyStep`. */
export function stepNodes(writer: GraphWriter, step: Step, columns: Columns): Columns {
  switch (step.type) {
    case 'indicators':
      return indicatorNodes(writer, step, columns);
    case 'impute':
      return imputeNodes(writer, columns, step.values);
    case 'clip':
      return clipNodes(writer, step, columns);
    case 'flag':
      return flagNodes(writer, step, columns);
    case 'power':
      return powerNodes(writer, step, columns);
    case 'scale':
      return scaleNodes(writer, columns, step);
    case 'products':
      return productNodes(writer, step, columns);
    case 'select':
      return gatherColumns(writer, columns, step.columns);
    case 'project':
      return projectNodes(writer, step, columns);
    case 'quantile':
      return quantileNodes(writer, step, columns);
    case 'chained-impute':
      return chainedImputeNodes(writer, step, columns);
    case 'nearest-impute':
      return nearestImputeNodes(writer, step, columns);
  }
}

function indicatorNodes(writer: GraphWriter, step: IndicatorStep, columns: Columns): Columns {
  const watched = gatherColumns(writer, columns, step.columns);
  const isMissing = transform(writer, 'IsNaN', watched.tensor);
  const tensor = cast(writer, isMissing, ELEMENT_TYPE.float);
  return concatColumns(writer, [columns, { tensor, width: watched.width }]);
}

function clipNodes(writer: GraphWriter, { low, high }: ClipStep, columns: Columns): Columns {
  const raised = combine(writer, 'Max', columns.tensor, rowConstant(writer, low));
  const tensor = combine(writer, 'Min', raised, rowConstant(writer, high));
  return { ...columns, tensor };
}

/** 1 where a row has a value beyond a fence; a missing one is beyond none. */
function flagNodes(writer: GraphWriter, { low, high }: FlagStep, columns: Columns): Columns {
  const isBelow = combine(writer, 'Less', columns.tensor, rowConstant(writer, low));
  const isAbove = combine(writer, 'Greater', columns.tensor, rowConstant(writer, high));
  const isBeyond = cast(writer, combine(writer, 'Or', isBelow, isAbove), ELEMENT_TYPE.float);
  const flag = { tensor: reduceRows(writer, 'ReduceMax', isBeyond), width: 1 };
  return concatColumns(writer, [columns, flag]);
}

/** Terms of equal length are multiplied together, factor by factor, then put in their order. */
function productNodes(writer: GraphWriter, { terms }: ProductsStep, columns: Columns): Columns {
  const lengths = [...new Set(terms.map((term) => term.length))];
  const blocks = lengths.map((length) => {
    const alike = terms.filter((term) => term.length === length);
    let product = gatherColumns(
      writer,
      columns,
      alike.map((term) => term[0]),
    ).tensor;
    for (let factor = 1; factor < length; factor++) {
      const next = gatherColumns(
        writer,
        columns,
        alike.map((term) => term[factor]),
      );
      product = combine(writer, 'Mul', product, next.tensor);
    }
    return { tensor: product, width: alike.length };
  });
  const joined = concatColumns(writer, blocks);
  if (lengths.length === 1) return concatColumns(writer, [columns, joined]);
  const byLength = lengths.flatMap((length) =>
    [...terms.keys()].filter((term) => terms[term].length === length),
  );
  const inOrder = terms.map((_, term) => byLength.indexOf(term));
  return concatColumns(writer, [columns, gatherColumns(writer, joined, inOrder)]);
}

function projectNodes(
  writer: GraphWriter,
  { mean, components }: ProjectStep,
  { tensor, width }: Columns,
): Columns {
  const kept = components.length / width;
  const centred = combine(writer, 'Sub', tensor, rowConstant(writer, mean));
  const directions = writer.constant(components, [width, kept]);
  return { tensor: combine(writer, 'MatMul', centred, directions), width: kept };
}
