import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { type Client as FlagClient, NOOP_PROVIDER, OpenFeature } from '@openfeature/web-sdk';
import type { Adapters } from '../adapters.ts';
import type { Destination } from '../sync/send-batch.ts';
import type { ClientContext } from '../types.ts';
import { createFlagFetch, type FlagFetch } from './flag-fetch.ts';
import { createLiveStream, type LiveStream } from './live-stream.ts';
import { createNewestVersion, type NewestVersion } from './newest-version.ts';
import { createRefetch, type Refetch } from './refetch.ts';

/** The provider counts a copy's age from its last change; ours counts from its last confirmation. */
const PROVIDER_COPY_SECONDS = 10 * 365 * 24 * 60 * 60;

let instances = 0;

export type FlagsStatus = {
  confirmedAt: number | null;
  /** Milliseconds since the server confirmed them; null when it never has. */
  ageMs: number | null;
  /** By the server, since this client started. */
  isConfirmedNow: boolean;
  live: boolean;
};

export type RemoteFlags = {
  readonly client: FlagClient;
  /** Resolves at the first answer: the server's, the persisted copy's, or the failure to get any. */
  readonly ready: Promise<void>;
  /**
   * Someone names the configuration version in force: if none as high was heard of, the server is
   * asked again, soon and once for all who ask together.
   */
  hear(version: number): void;
  setContext(context: ClientContext): Promise<void>;
  status(): FlagsStatus;
  dispose(): Promise<void>;
};

type Options = Destination & {
  useCase: string;
  context: ClientContext;
  adapters: Adapters;
  /** Flags are asked for at least so often, however quiet the stream is. */
  refetchEveryMs: number;
  /** Flags or their status changed. */
  onChange: () => void;
};

/**
 * Flags through OpenFeature and its OFREP provider, in a domain of this client's own: the default
 * domain is the host application's. When to refetch is decided here, not by the provider (0.4.3):
 * it misses what changed while its stream was down for less than 30 s, does not listen for
 * `online`, waits up to a minute between tries, and applies answers out of order. `setContext` is
 * the public way to make it refetch, and drops the answers to older requests.
 */
export function createRemoteFlags(options: Options): RemoteFlags {
  return new OpenFeatureFlags(options);
}

class OpenFeatureFlags implements RemoteFlags {
  readonly client: FlagClient;
  readonly ready: Promise<void>;
  readonly #options: Options;
  readonly #domain: string;
  readonly #stream: LiveStream | null;
  readonly #refetch: Refetch;
  /** Of the workspace, so it outlives a change of the targeting key. */
  readonly #newest: NewestVersion;
  /** Read by the provider at each request. */
  readonly #query = new URLSearchParams();
  #context: ClientContext & { useCase: string };
  #fetch: FlagFetch;
  readonly #timer: ReturnType<typeof setInterval>;
  #isDisposed = false;

  constructor(options: Options) {
    const { adapters, useCase } = options;
    this.#options = options;
    this.#domain = `edgewise:${useCase}:${instances++}`;
    this.#context = { ...options.context, useCase };
    this.#newest = createNewestVersion(adapters.monotonicMs);
    this.client = OpenFeature.getClient(this.#domain);
    this.#refetch = createRefetch({
      rng: adapters.rng,
      page: adapters.page,
      attempt: () => this.#attempt(),
    });
    this.#stream = adapters.eventSource
      ? createLiveStream({
          open: adapters.eventSource,
          page: adapters.page,
          rng: adapters.rng,
          onStale: (etag) => this.#refetchAfter(etag),
          onState: options.onChange,
        })
      : null;
    this.#fetch = this.#newFetch();
    this.ready = this.#start();
    this.#timer = setInterval(() => void this.#refetch.now(), options.refetchEveryMs);
  }

  hear(version: number): void {
    if (!this.#newest.hear(version)) return;
    this.#nameNewest();
    void this.#refetch.now();
  }

  async setContext(context: ClientContext): Promise<void> {
    const isOtherKey = context.targetingKey !== this.#context.targetingKey;
    this.#context = { ...context, useCase: this.#options.useCase };
    if (isOtherKey) {
      // Kept in memory, the other key's flags would be served while the network fails.
      this.#fetch = this.#newFetch();
      await this.#start();
    } else await this.#refetch.now();
  }

  status() {
    const last = this.#fetch.last();
    return {
      confirmedAt: last?.confirmedAt ?? null,
      ageMs: this.#fetch.ageMs(),
      isConfirmedNow: this.#fetch.confirmations() > 0,
      live: this.#stream?.isOpen() ?? false,
    };
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true;
    clearInterval(this.#timer);
    this.#refetch.dispose();
    this.#stream?.dispose();
    await OpenFeature.setProviderAndWait(this.#domain, NOOP_PROVIDER);
  }

  /** The stream reads the version past every memory, so it is asked even when it names a lower one. */
  #refetchAfter(etag: string | null): void {
    const version = Number(etag ?? Number.NaN);
    if (Number.isInteger(version)) this.#newest.hear(version);
    this.#nameNewest();
    void this.#refetch.now();
  }

  /** An isolate of the server that remembers another version then looks past its memory. */
  #nameNewest(): void {
    const version = this.#newest.highest() ?? this.#fetch.last()?.version ?? null;
    if (version !== null) this.#query.set('flagConfigEtag', String(version));
  }

  async #start(): Promise<void> {
    const fetchHere = this.#fetch;
    this.#nameNewest();
    const provider = this.#newProvider(fetchHere);
    await OpenFeature.setProviderAndWait(this.#domain, provider, { ...this.#context }).catch(
      () => undefined, // Its status says so, and the refetch below goes on trying.
    );
    if (this.#isDisposed || fetchHere !== this.#fetch) return;
    this.#stream?.use(fetchHere.last()?.streamUrl ?? null);
    if (fetchHere.confirmations() === 0) void this.#refetch.now();
    this.#options.onChange();
  }

  /** One true request. @returns whether the server confirmed the flags */
  async #attempt(): Promise<boolean> {
    const before = this.#fetch.confirmations();
    this.#nameNewest();
    await OpenFeature.setContext(this.#domain, { ...this.#context });
    const isConfirmed = this.#fetch.confirmations() > before;
    if (isConfirmed && !this.#isDisposed) this.#stream?.use(this.#fetch.last()?.streamUrl ?? null);
    this.#options.onChange();
    return isConfirmed;
  }

  #newProvider({ fetch }: FlagFetch): OFREPWebProvider {
    const { endpoint, publishableKey } = this.#options;
    return new OFREPWebProvider({
      baseUrl: endpoint,
      headers: [['Authorization', `Bearer ${publishableKey}`]],
      query: this.#query,
      fetchImplementation: fetch,
      cacheMode: 'network-first',
      cacheTTL: PROVIDER_COPY_SECONDS,
      changeDetection: 'none',
      disableVisibilityRefresh: true,
      cacheKeyGenerator: () => this.#copyKey(),
    });
  }

  #newFetch(): FlagFetch {
    const { fetch, nowMs, monotonicMs, localStorage } = this.#options.adapters;
    return createFlagFetch({
      fetch,
      nowMs,
      monotonicMs,
      localStorage,
      key: `edgewise:flags:${this.#copyKey()}`,
      accepts: (version) => this.#newest.accepts(version),
      onConfirmed: this.#options.onChange,
    });
  }

  /** Not the domain, which is another one at each start. */
  #copyKey(): string {
    const { endpoint, publishableKey, useCase } = this.#options;
    return JSON.stringify([endpoint, publishableKey, useCase, this.#context.targetingKey]);
  }
}
