import type { Row } from '../../../shared/contracts/manifest.ts';
import { occlusionRows, reasonsFrom } from '../../../shared/learn/explain/occlusion.ts';
import type { Explanation, Prediction } from '../types.ts';
import { fallbackValue, type PredictorOptions } from './predictor.ts';

type Baseline = Readonly<Record<string, number | string>>;

/**
 * Reasons of one prediction by occlusion against the active version's baseline, in one batched run:
 * of the model when it answered, of the fallback when that did. A prediction of a version that is no
 * longer active is explained by the one that is.
 */
export async function explainPrediction(
  { input, source, fallbackReason }: Prediction,
  predictor: PredictorOptions,
): Promise<Explanation> {
  const { models, useCase, deadlineMs } = predictor;
  const active = models.active();
  const missing = fallbackReason ?? models.missingReason();
  if (!active) return { status: 'unavailable', reason: missing };
  const { baseline } = active.manifest;
  const rows = occlusionRows(useCase.inputs, input, baseline);
  if (source === 'fallback') {
    const values = rows.map((row) => fallbackValue(useCase, row));
    return explanation(source, { rows, values, baseline }, predictor);
  }
  const values = await active.session.run(rows, { deadlineMs });
  if (!values.ok) return { status: 'unavailable', reason: values.error.reason };
  return explanation(source, { rows, values: values.value, baseline }, predictor);
}

function explanation(
  source: Prediction['source'],
  found: { rows: Row[]; values: ArrayLike<number>; baseline: Baseline },
  { useCase }: PredictorOptions,
): Explanation {
  const { rows, values, baseline } = found;
  const reasons = reasonsFrom(useCase.inputs, baseline, values).map(({ input, contribution }) => ({
    input,
    value: rows[0][input],
    baseline: baseline[input],
    contribution,
  }));
  return { status: 'explained', source, value: values[0], reasons };
}
