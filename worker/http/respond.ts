import type { Result } from '../../shared/core/result.ts';
import type { Failure } from '../services/failure.ts';
import { problemResponse } from './problem.ts';

/** A result as JSON, or its failure as problem+json. */
export function respond<T>(
  result: Result<T, Failure>,
  options: { status?: number } = {},
): Response {
  return result.ok ? json(result.value, options.status) : problemResponse(result.error);
}

/** A list is always a field of an object, so that paging can stand beside it. */
export function respondList<T>(name: string, result: Result<T[], Failure>): Response {
  return result.ok ? json({ [name]: result.value }) : problemResponse(result.error);
}

export const json = (value: unknown, status = 200): Response =>
  Response.json(value, { status, headers: { 'Cache-Control': 'no-store' } });
