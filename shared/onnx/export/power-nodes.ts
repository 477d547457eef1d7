import type { PowerStep } from '../../prepare/steps/power.ts';
import { combine, rowDoubles, toDouble, toFloat, transform } from './column-nodes.ts';
import type { Columns, GraphWriter } from './graph-writer.ts';

/** As in shared/prepare/steps/power.ts. */
const NEARLY_ZERO = 1e-6;

/**
 * Yeo-Johnson as f(max(x, 0), lambda) - f(max(-x, 0), 2 - lambda), one of which is always 0, where
 * f(m, p) = ((1 + m)^p - 1) / p, or ln(1 + m) where p is 0. In float64, as it is fitted.
 */
export function powerNodes(
  writer: GraphWriter,
  { lambdas }: PowerStep,
  { tensor, width }: Columns,
): Columns {
  const x = toDouble(writer, tensor);
  const magnitude = transform(writer, 'Abs', x);
  const half = rowDoubles(writer, [0.5]);
  const above = combine(writer, 'Mul', combine(writer, 'Add', magnitude, x), half);
  const below = combine(writer, 'Mul', combine(writer, 'Sub', magnitude, x), half);
  const powers = [...lambdas];
  const difference = combine(
    writer,
    'Sub',
    boxCoxNodes(writer, above, powers),
    boxCoxNodes(
      writer,
      below,
      powers.map((lambda) => 2 - lambda),
    ),
  );
  return { tensor: toFloat(writer, difference), width };
}

function boxCoxNodes(writer: GraphWriter, magnitude: string, powers: readonly number[]): string {
  const isLog = powers.map((power) => Math.abs(power) < NEARLY_ZERO);
  const safe = rowDoubles(
    writer,
    powers.map((power, j) => (isLog[j] ? 1 : power)),
  );
  const one = rowDoubles(writer, [1]);
  const base = combine(writer, 'Add', magnitude, one);
  const raised = combine(writer, 'Sub', combine(writer, 'Pow', base, safe), one);
  const power = combine(writer, 'Div', raised, safe);
  if (!isLog.includes(true)) return power;
  const logarithm = transform(writer, 'Log', base);
  const share = rowDoubles(writer, isLog.map(Number));
  // A weighted sum, because both are finite where either is.
  return combine(
    writer,
    'Add',
    combine(writer, 'Mul', logarithm, share),
    combine(writer, 'Mul', power, combine(writer, 'Sub', one, share)),
  );
}
