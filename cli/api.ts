import type { Problem } from '../shared/contracts/problem.ts';
import { ok, type Result } from '../shared/core/result.ts';
import type { Remote } from './credentials.ts';
import { type CliFailure, failed, messageOf } from './failure.ts';

export type ApiRequest = {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH';
  path: string;
  json?: unknown;
  bytes?: Uint8Array<ArrayBuffer>;
};

const TIMEOUT_MS = 60_000;

/** Sends one request; an answer of 4xx or 5xx and no answer at all are failures with their reason. */
export async function callApi<T>(
  remote: Remote,
  request: ApiRequest,
): Promise<Result<T, CliFailure>> {
  const { method, path, json, bytes } = request;
  let response: Response;
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
  } catch (error) {
    return failed('unreachable', unreachableMessage(remote.server, error));
  }
  if (!response.ok) return refused(request, response);
  return method === 'HEAD' || response.status === 204
    ? ok(undefined as T)
    : readJson<T>(request, response);
}

function unreachableMessage(server: string, error: unknown): string {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  const code = (cause as { code?: string }).code ?? messageOf(cause);
  return `${server} does not answer (${code}). Is it running? npm start starts one here.`;
}

async function readJson<T>(
  { method, path }: ApiRequest,
  response: Response,
): Promise<Result<T, CliFailure>> {
  const text = await response.text();
  try {
    return ok(JSON.parse(text) as T);
  } catch {
    return failed(
      'unexpected_answer',
      `${method} ${path} answered ${response.status} with something other than JSON: ${text.slice(0, 120)}`,
    );
  }
}

async function refused(
  { method, path }: ApiRequest,
  response: Response,
): Promise<Result<never, CliFailure>> {
  const problem = parseProblem(await response.text());
  const message = problem?.title
    ? [problem.title, problem.detail].filter(Boolean).join(': ')
    : `${method} ${path} was answered with status ${response.status}.`;
  const details = problem?.errors?.map((error) => `${error.path || 'the body'}: ${error.message}`);
  const failure = failed('refused_by_server', message, details);
  failure.error.status = response.status;
  return failure;
}

function parseProblem(text: string): Problem | null {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return null;
  }
}
