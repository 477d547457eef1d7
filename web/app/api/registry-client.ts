import type { Problem } from '../../../shared/contracts/problem.ts';
import type {
  AlertView,
  AuditEntry,
  ModelSettingsRequest,
  ModelSummary,
  ModelView,
  RolloutRequest,
  RolloutView,
  RunView,
  SilenceRequest,
  SilenceView,
  VersionView,
} from '../../../shared/contracts/registry.ts';
import { fail, ok, type Result } from '../../../shared/core/result.ts';

/** Why a request has no answer; `detail` is a sentence for the operator. */
export type ApiFailure = {
  reason: 'unauthorised' | 'refused' | 'unreachable';
  status: number | null;
  detail: string;
};
type Answer<T> = Promise<Result<T, ApiFailure>>;

/** The registry over HTTP, as far as the console reads and changes it. */
export class RegistryClient {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  models = (): Answer<{ models: ModelView[] }> => this.#get('/v1/models');
  model = (model: string): Answer<ModelView> => this.#get(`/v1/models/${model}`);
  versions = (model: string): Answer<{ versions: VersionView[] }> =>
    this.#get(`/v1/models/${model}/versions`);
  rollouts = (model: string): Answer<{ rollouts: RolloutView[] }> =>
    this.#get(`/v1/models/${model}/rollouts`);
  summary = (model: string): Answer<ModelSummary> => this.#get(`/v1/models/${model}/summary`);
  alerts = (model: string): Answer<{ alerts: AlertView[] }> =>
    this.#get(`/v1/models/${model}/alerts`);
  runs = (model: string): Answer<{ runs: RunView[] }> => this.#get(`/v1/models/${model}/runs`);
  audit = (): Answer<{ entries: AuditEntry[] }> => this.#get('/v1/audit');

  rollOut = (model: string, request: RolloutRequest): Answer<RolloutView> =>
    this.#send('POST', `/v1/models/${model}/rollouts`, request);
  rollBack = (model: string): Answer<RolloutView> =>
    this.#send('POST', `/v1/models/${model}/rollback`, {});
  promote = (model: string): Answer<RolloutView> =>
    this.#send('POST', `/v1/models/${model}/promote`, {});
  silences = (model: string): Answer<{ silences: SilenceView[] }> =>
    this.#get(`/v1/models/${model}/silences`);
  silence = (model: string, request: SilenceRequest): Answer<{ silences: SilenceView[] }> =>
    this.#send('POST', `/v1/models/${model}/silences`, request);
  changeSettings = (model: string, request: ModelSettingsRequest): Answer<ModelView> =>
    this.#send('PATCH', `/v1/models/${model}`, request);
  retrain = (model: string): Answer<RunView> => this.#send('POST', `/v1/models/${model}/runs`, {});

  #get<T>(path: string): Answer<T> {
    return request<T>(path, { headers: this.#headers() });
  }

  #send<T>(method: 'POST' | 'PATCH', path: string, body: object): Answer<T> {
    const headers = { ...this.#headers(), 'Content-Type': 'application/json' };
    return request<T>(path, { method, headers, body: JSON.stringify(body) });
  }

  #headers(): Record<string, string> {
    return { Authorization: `Bearer ${this.#key}`, Accept: 'application/json' };
  }
}

/** Turns the one-time code of a console link into a key for this tab. */
export const exchangeCode = (code: string): Answer<{ key: string; expiresAt: string }> =>
  request('/v1/console/sessions', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify({ code }),
  });

async function request<T>(path: string, init: RequestInit): Answer<T> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, cache: 'no-store' });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return fail({
      reason: 'unreachable',
      status: null,
      detail: 'The server cannot be reached right now.',
    });
  }
  if (response.ok) return ok((await response.json()) as T);
  return fail({
    reason: response.status === 401 || response.status === 403 ? 'unauthorised' : 'refused',
    status: response.status,
    detail: await problemOf(response),
  });
}

async function problemOf(response: Response): Promise<string> {
  const isProblem = response.headers.get('Content-Type')?.includes('json') ?? false;
  if (!isProblem) return `The server answered ${response.status} ${response.statusText}.`;
  const problem = (await response.json()) as Partial<Problem>;
  return problem.detail ?? problem.title ?? `The server answered ${response.status}.`;
}
