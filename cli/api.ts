import type { Problem } from '../shared/contracts/problem.ts';
import { ok, type Result } from '../shared/core/result.ts';
import type { Remote } from './credentials.ts';
import { type CliFailure, codeOf, failed, messageOf } from './failure.ts';

/** @template T what the answer holds */
export type ApiRequest<T> = {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH';
  path: string;
  json?: unknown;
  bytes?: Uint8Array<ArrayBuffer>;
  /** What its JSON must have: other servers answer with JSON too, and would be taken at their word. */
  holds?: readonly (keyof T & string)[];
};

const TIMEOUT_MS = 60_000;

/** Sends one request; an answer of 4xx or 5xx and no answer at all are failures with their reason. */
export async function callApi<T>(
  remote: Remote,
  request: ApiRequest<T>,
): Promise<Result<T, CliFailure>> {
  const { method, path, json, bytes } = request;
  let response: Response;
  let text: string;
  try {
    response = await fetch(new URL(path, remote.server), {
      method,
      headers: {
        Authorization: `Bearer ${remote.key}`,
        Accept: 'application/json',
        ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(bytes === undefined ? {} : { 'Content-Type': 'application/octet-stream' }),
      },
      body: bytes ?? (json === undefined ? undefined : JSON.stringify(json)),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    // An answer that breaks off is none.
    text = await response.text();
  } catch (error) {
    return failed('unreachable', unreachableMessage(remote.server, error));
  }
  if (!response.ok) return refused(request, response.status, text);
  return method === 'HEAD' || response.status === 204
    ? ok(undefined as T)
    : readJson<T>(remote, request, { status: response.status, text });
}

function unreachableMessage(server: string, error: unknown): string {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  const isLate = cause instanceof Error && cause.name === 'TimeoutError';
  const why = isLate ? `not within ${TIMEOUT_MS / 1000} s` : (codeOf(cause) ?? messageOf(cause));
  return `${server} does not answer (${why}). Is it running? npm start starts one here.`;
}

function readJson<T>(
  { server }: Remote,
  { method, path, holds = [] }: ApiRequest<T>,
  { status, text }: { status: number; text: string },
): Result<T, CliFailure> {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return failed(
      'unexpected_answer',
      `${method} ${path} answered ${status} with something other than JSON: ${text.slice(0, 120)}`,
    );
  }
  const isObject = typeof answer === 'object' && answer !== null;
  const missing = holds.find((name) => !isObject || !(name in Object(answer)));
  if (missing === undefined) return ok(answer as T);
  return failed(
    'unexpected_answer',
    `${method} ${path} was answered without "${missing}": is ${server} a server of Edgewise, and of this version?`,
  );
}

function refused(
  { method, path }: Pick<ApiRequest<unknown>, 'method' | 'path'>,
  status: number,
  text: string,
): Result<never, CliFailure> {
  const problem = parseProblem(text);
  const message = problem?.title
    ? [problem.title, problem.detail].filter(Boolean).join(': ')
    : `${method} ${path} was answered with status ${status}.`;
  const details = problem?.errors?.map((error) => `${error.path || 'the body'}: ${error.message}`);
  const failure = failed('refused_by_server', message, details);
  failure.error.status = status;
  return failure;
}

function parseProblem(text: string): Problem | null {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return null;
  }
}
