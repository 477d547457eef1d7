import type { FallbackReason } from '../../shared/contracts/telemetry.ts';
import type { InputIssue } from '../../shared/use-case/validate-row.ts';

/**
 * The row is not one the declaration allows: wrong type, unknown input, or missing where it must not be; or an
 * outcome names no class of a binary use case.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[]) {
    super(issues.map(({ input, message }) => `${input}: ${message}`).join('; '));
    this.issues = issues;
  }
}

/** The model did not answer and the flag `fallback-on-error` forbids the fallback to. */
export class PredictionError extends Error {
  override readonly name = 'PredictionError';
  readonly reason: FallbackReason;

  constructor(reason: FallbackReason) {
    super(`No model answered (${reason}) and the flag fallback-on-error is off`);
    this.reason = reason;
  }
}

/** An outcome names a prediction that this device does not remember. */
export class UnknownPredictionError extends Error {
  override readonly name = 'UnknownPredictionError';
  readonly id: string;

  constructor(id: string) {
    super(
      `This device knows no prediction ${JSON.stringify(id)}; send the outcome from a backend instead`,
    );
    this.id = id;
  }
}
