import type { FlagEvaluation, ModelFlag } from '../../../shared/contracts/flags.ts';
import type { Signed } from '../../../shared/contracts/manifest.ts';
import { ExactLedger } from './exact-ledger.ts';
import type { Version } from './publisher.ts';

export const ENDPOINT = 'https://edgewise.test';

/** Answers instead of the server, or null to let it answer. */
export type Interference = (request: Request) => Promise<Response | null> | Response | null;

/** The server's side of flags, artifacts and telemetry in one object, without a network. */
export class TestServer {
  readonly ledger = new ExactLedger();
  readonly artifacts = new Map<string, Uint8Array<ArrayBuffer>>();
  /** `METHOD path` of every request that got through. */
  readonly requests: string[] = [];
  isReachable = true;
  /** Runs before the server sees the request, or after it has answered and before the client hears. */
  before: Interference = () => null;
  after: Interference = () => null;
  #flag: ModelFlag = { status: 'not_assigned', revocations: null };
  #variant = 'none';
  #isFallbackAllowed = true;
  #version = 1;

  assign(version: Version, revocations: Signed | null = null, variant = 'champion'): void {
    for (const [sha256, bytes] of version.files) this.artifacts.set(sha256, bytes);
    const { version: name } = version.manifest;
    this.#change({ status: 'assigned', version: name, manifest: version.signed, revocations });
    this.#variant = variant;
  }

  /** Has a challenger run beside what is assigned; null ends it. */
  shadow(version: Version | null): void {
    if (this.#flag.status !== 'assigned') throw new Error('A shadow stands beside a champion');
    for (const [sha256, bytes] of version?.files ?? []) this.artifacts.set(sha256, bytes);
    const { shadow: _, ...served } = this.#flag;
    const shadow = version && { version: version.manifest.version, manifest: version.signed };
    this.#change(shadow ? { ...served, shadow } : served);
  }

  kill(): void {
    this.#change({ status: 'killed', revocations: null });
  }

  allowFallback(isAllowed: boolean): void {
    this.#isFallbackAllowed = isAllowed;
    this.#change(this.#flag);
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input as Request, init);
    await Promise.resolve();
    if (!this.isReachable) throw new TypeError('fetch failed');
    const instead = await this.before(request);
    if (instead) return instead;
    this.requests.push(`${request.method} ${new URL(request.url).pathname}`);
    const response = await this.#answer(request);
    return (await this.after(request)) ?? response;
  };

  #change(flag: ModelFlag): void {
    this.#flag = flag;
    this.#version += 1;
    this.ledger.flagsVersion = this.#version;
  }

  #answer(request: Request): Promise<Response> | Response {
    const { pathname } = new URL(request.url);
    if (pathname === '/ofrep/v1/evaluate/flags') return this.#flags(request);
    if (pathname === '/v1/telemetry/batches') return this.#batch(request);
    if (pathname.startsWith('/v1/artifacts/')) return this.#artifact(request, pathname.slice(14));
    return new Response('no such path', { status: 404 });
  }

  #flags(request: Request): Response {
    const etag = `"${this.#version}"`;
    if (request.headers.get('If-None-Match') === etag)
      return new Response(null, { status: 304, headers: { ETag: etag } });
    const metadata = { configVersion: this.#version };
    const isEnabled = this.#flag.status !== 'killed';
    const flag = (key: string, value: unknown, variant = 'on'): FlagEvaluation => ({
      key,
      value,
      variant,
      reason: 'SPLIT',
      metadata,
    });
    const flags = [
      flag('ml-enabled', isEnabled),
      flag('fallback-on-error', this.#isFallbackAllowed),
      flag('model', this.#flag, this.#variant),
      flag('new-button', true, 'green'),
    ];
    const eventStreams = [{ type: 'sse', endpoint: { requestUri: '/v1/stream?key=pk_test' } }];
    return Response.json({ flags, metadata, eventStreams }, { headers: { ETag: etag } });
  }

  async #batch(request: Request): Promise<Response> {
    const body = new Uint8Array(await request.arrayBuffer());
    return Response.json(await this.ledger.append(body, request.headers.get('Content-Digest')));
  }

  #artifact(request: Request, sha256: string): Response {
    const bytes = this.artifacts.get(sha256);
    if (!bytes) return new Response('no such artifact', { status: 404 });
    const range = /^bytes=(\d+)-$/.exec(request.headers.get('Range') ?? '');
    return range
      ? new Response(bytes.slice(Number(range[1])), { status: 206 })
      : new Response(bytes);
  }
}
