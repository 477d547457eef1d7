import type { Problem } from '../../shared/contracts/problem.ts';
import { problemType } from '../../shared/contracts/problem.ts';
import type { Failure, FieldError } from '../services/failure.ts';
import { describe } from './describe-failure.ts';

/** Refusals of the HTTP layer itself, before any service is called. */
export type Refusal =
  | { reason: 'unauthenticated' }
  | { reason: 'forbidden' }
  | { reason: 'rate_limited'; retryAfterSeconds: number }
  | { reason: 'no_route'; path: string };

export type Described = { status: ProblemStatus; title: string; detail: string };
export type ProblemStatus = 400 | 401 | 403 | 404 | 409 | 411 | 413 | 415 | 422 | 429;

/** problem+json for every expected failure: one mapping, so that one cause has one answer. */
export function problemResponse(failure: Failure | Refusal): Response {
  const { status, title, detail } = describe(failure);
  const problem: Problem = {
    type: problemType(failure.reason.replaceAll('_', '-')),
    title,
    status,
    detail,
    ...errorsOf(failure),
  };
  const headers = new Headers({ 'Content-Type': 'application/problem+json' });
  if (failure.reason === 'rate_limited')
    headers.set('Retry-After', String(failure.retryAfterSeconds));
  if (status === 401) headers.set('WWW-Authenticate', 'Bearer');
  return new Response(JSON.stringify(problem), { status, headers });
}

function errorsOf(failure: Failure | Refusal): { errors?: FieldError[] } {
  return 'errors' in failure && failure.errors ? { errors: failure.errors } : {};
}

/** A bug: what happened stays in the log, under an id that the answer names. */
export function bugResponse(error: unknown): Response {
  const id = crypto.randomUUID();
  console.error('bug', id, error);
  const problem: Problem = {
    type: problemType('internal'),
    title: 'Something broke here',
    status: 500,
    detail: `This is our fault. The log has it under ${id}.`,
  };
  return new Response(JSON.stringify(problem), {
    status: 500,
    headers: { 'Content-Type': 'application/problem+json' },
  });
}
