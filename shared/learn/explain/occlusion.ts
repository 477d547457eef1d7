import type { Row } from '../../contracts/manifest.ts';

/** How much one input moved one prediction away from what its usual value would have given. */
export type Reason = { input: string; contribution: number };

/**
 * The rows of one batch prediction that explains `row`: the row itself, then the row with each
 * input in turn replaced by the reference's median (number) or mode (category).
 * @param baseline manifest.baseline; an input it does not name is not explained
 * @returns 1 + (inputs with a baseline) rows
 */
export function occlusionRows(
  inputs: readonly { name: string }[],
  row: Row,
  baseline: Readonly<Record<string, number | string>>,
): Row[] {
  return [row, ...explained(inputs, baseline).map((name) => ({ ...row, [name]: baseline[name] }))];
}

/**
 * Meaning: prediction(row) - prediction(row with the input at its baseline), in target units, most
 * influential first. Definition: single-feature occlusion (Zeiler and Fergus 2014; Robnik-Sikonja
 * and Kononenko 2008, equation 3). Contributions of interacting inputs do not sum to the prediction.
 * @param values predictions of `occlusionRows`, in its order
 */
export function reasonsFrom(
  inputs: readonly { name: string }[],
  baseline: Readonly<Record<string, number | string>>,
  values: ArrayLike<number>,
): Reason[] {
  return explained(inputs, baseline)
    .map((input, i) => ({ input, contribution: values[0] - values[i + 1] }))
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
}

const explained = (
  inputs: readonly { name: string }[],
  baseline: Readonly<Record<string, number | string>>,
): string[] => inputs.map(({ name }) => name).filter((name) => Object.hasOwn(baseline, name));
