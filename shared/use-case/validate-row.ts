import type { Input } from '../contracts/declaration.ts';
import type { InputValue, Row } from '../contracts/manifest.ts';
import { fail, ok, type Result } from '../core/result.ts';

/** About one input of one row: what was expected and what was found. */
export type InputIssue = { input: string; message: string };

export type InvalidInput = { reason: 'invalid_input'; issues: InputIssue[] };

/** A row with every declared input in order (null where missing), and what is unusual about it. */
export type ValidRow = { row: Row; warnings: InputIssue[] };

/** The largest finite float32: what the model's number inputs can carry. */
const LARGEST_FLOAT32 = 3.4028234663852886e38;

type Checked = { value: InputValue; error?: string; warning?: string };

/**
 * Checks one row against declared inputs. A wrong type, NaN, an infinite number and an undeclared
 * key are errors; a missing value (null, undefined, '') is an error under the policy `reject` only;
 * a number out of range and an unknown category are answered, with a warning.
 */
export function validateRow(
  inputs: readonly Input[],
  candidate: unknown,
): Result<ValidRow, InvalidInput> {
  if (typeof candidate !== 'object' || candidate === null || Array.isArray(candidate))
    return fail({
      reason: 'invalid_input',
      issues: [{ input: '', message: `expected an object of inputs, found ${nameOf(candidate)}` }],
    });
  const given = candidate as Record<string, unknown>;
  const issues = undeclared(inputs, given);
  const warnings: InputIssue[] = [];
  const row: Row = {};
  for (const input of inputs) {
    const raw = Object.hasOwn(given, input.name) ? given[input.name] : undefined;
    const { value, error, warning } = checkValue(input, raw);
    row[input.name] = value;
    if (error !== undefined) issues.push({ input: input.name, message: error });
    if (warning !== undefined) warnings.push({ input: input.name, message: warning });
  }
  return issues.length > 0 ? fail({ reason: 'invalid_input', issues }) : ok({ row, warnings });
}

function undeclared(inputs: readonly Input[], given: Record<string, unknown>): InputIssue[] {
  const names = new Set(inputs.map((input) => input.name));
  return Object.keys(given)
    .filter((name) => !names.has(name))
    .map((name) => ({
      input: name,
      message: `is not an input; the inputs are ${[...names].join(', ')}`,
    }));
}

function checkValue(input: Input, value: unknown): Checked {
  if (value === null || value === undefined || value === '')
    return input.missing === 'reject'
      ? { value: null, error: 'is missing, and this input has no substitute' }
      : { value: null };
  return input.type === 'number' ? checkNumber(input, value) : checkCategory(input, value);
}

function checkNumber(input: Extract<Input, { type: 'number' }>, value: unknown): Checked {
  if (typeof value !== 'number' || !(Math.abs(value) <= LARGEST_FLOAT32))
    return { value: null, error: `expected a finite number, found ${nameOf(value)}` };
  const [lowest, highest] = input.range;
  if (value >= lowest && value <= highest) return { value };
  const unit = input.unit === undefined ? '' : ` ${input.unit}`;
  return { value, warning: `${value} is outside ${lowest} to ${highest}${unit}` };
}

function checkCategory(input: Extract<Input, { type: 'category' }>, value: unknown): Checked {
  if (typeof value !== 'string')
    return { value: null, error: `expected text, found ${nameOf(value)}` };
  if (value.length > 256)
    return { value: null, error: `expected at most 256 characters, found ${value.length}` };
  if (input.categories.some((category) => category.value === value)) return { value };
  return { value, warning: `"${value.slice(0, 64)}" is not a known category` };
}

/** A value as an error names it. */
export function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `the text "${value.slice(0, 40)}"`;
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
}
