import * as v from 'valibot';
import { LIMITS } from '../../shared/contracts/limits.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail } from '../../shared/core/result.ts';
import type { FieldError } from './failure.ts';
import { isDeeperThan } from './json-depth.ts';

export type Invalid = { reason: 'invalid'; detail: string; errors?: FieldError[] };

const SHOWN_ERRORS = 20;

/** UTF-8 JSON of bounded depth that fits `schema`, or what is wrong and where. */
export function parseWith<T>(
  schema: v.GenericSchema<unknown, T>,
  bytes: Uint8Array,
  what: string,
): Result<T, Invalid> {
  const parsed = parseJson(bytes, what);
  return parsed.ok ? checkWith(schema, parsed.value, what) : parsed;
}

export function checkWith<T>(
  schema: v.GenericSchema<unknown, T>,
  value: unknown,
  what: string,
): Result<T, Invalid> {
  const checked = v.safeParse(schema, value);
  if (checked.success) return { ok: true, value: checked.output };
  return fail({
    reason: 'invalid',
    detail: `${what} is not as expected: ${checked.issues[0].message}`,
    errors: checked.issues.slice(0, SHOWN_ERRORS).map((issue) => ({
      path: v.getDotPath(issue) ?? '',
      message: issue.message,
    })),
  });
}

export function parseJson(bytes: Uint8Array, what: string): Result<unknown, Invalid> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
    if (isDeeperThan(text, LIMITS.jsonDepth))
      return fail({
        reason: 'invalid',
        detail: `${what} is nested deeper than ${LIMITS.jsonDepth}.`,
      });
    const value: unknown = JSON.parse(text);
    if (holdsInfinity(value))
      return fail({ reason: 'invalid', detail: `${what} holds a number that is too large.` });
    return { ok: true, value };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail({ reason: 'invalid', detail: `${what} is not JSON: ${why}` });
  }
}

/** 1e999 is JSON and parses to Infinity, which cannot be written as JSON again. */
function holdsInfinity(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(holdsInfinity);
}
