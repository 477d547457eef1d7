import { ok } from '../../shared/core/result.ts';
import {
  type SampleRatioError,
  sampleRatioMismatch,
} from '../../shared/stats/experiment/sample-ratio.ts';
import { reporting } from '../command.ts';
import { failed } from '../failure.ts';

export type SrmFlags = { users: readonly number[]; weights: readonly number[]; json: boolean };

/** Below this the split is broken beyond chance. */
const BROKEN_BELOW = 0.001;

/** Did the arms get the shares they were meant to? */
export const runSrm = reporting<SrmFlags, []>(async ({ flags }) => {
  const mismatch = sampleRatioMismatch(flags.users, flags.weights);
  if (!mismatch.ok) return failed('wrong_usage', messages[mismatch.error.reason](mismatch.error));
  const { pValue } = mismatch.value;
  const verdict =
    pValue < BROKEN_BELOW
      ? 'the split is broken: trust no result of this experiment'
      : 'the split is as intended';
  return ok({ json: { pValue }, sentences: [`p ${Number(pValue.toPrecision(3))}: ${verdict}.`] });
});

const messages: Record<SampleRatioError['reason'], (error: SampleRatioError) => string> = {
  lengths_differ: (error) =>
    `--users and --weights name different numbers of arms: ${JSON.stringify(error)}`,
  bad_weight: (error) => `Weights are numbers, 0 or more: ${JSON.stringify(error)}`,
  bad_count: (error) =>
    `Users are whole numbers from 0 to ${Number.MAX_SAFE_INTEGER}: ${JSON.stringify(error)}`,
  too_few_arms: () => 'At least two arms need a weight above 0.',
};
