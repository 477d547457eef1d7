import type { Adapters } from '../adapters.ts';

/** Body and headers together: a connection that dies after its headers must not hang a refetch. */
const ANSWER_WITHIN_MS = 5_000;

/** What is remembered of the server's last confirmation, beside the provider's own copy. */
export type Confirmation = {
  confirmedAt: number;
  /** The stream that the server announced; null when it announced none. */
  streamUrl: string | null;
  /** Configuration version that was confirmed; null when the server names none. */
  version: number | null;
};

export type FlagFetch = {
  /** For the provider's `fetchImplementation`. */
  fetch: typeof fetch;
  /** Confirmations of this session; a refetch that raised it by nothing has failed. */
  confirmations(): number;
  last(): Confirmation | null;
  /** Milliseconds since the last confirmation, whatever the clock was set to meanwhile; null before any. */
  ageMs(): number | null;
};

type Options = Pick<Adapters, 'fetch' | 'nowMs' | 'monotonicMs' | 'localStorage'> & {
  /** localStorage key: one per server, key, use case and targeting key. */
  key: string;
  /** May flags of this configuration version be taken? false: the answer counts as none. */
  accepts: (version: number) => boolean;
  onConfirmed: () => void;
};

/**
 * The fetch under the OFREP provider. It tells what the provider does not: when the server last
 * confirmed the flags (a 304 does too) and which stream it announced. Its first request fails at
 * once when a confirmed copy is there: that makes the provider serve the copy without waiting for
 * a network that may be slow, and a true request follows.
 */
export function createFlagFetch(options: Options): FlagFetch {
  let last = readConfirmation(options);
  let isFirst = true;
  let confirmations = 0;
  let confirmedMonotonicMs = 0;

  const confirm = ({ streamUrl, version }: Announced) => {
    if (version !== null && !options.accepts(version))
      throw new TypeError(`The flags are of version ${version}, and a newer one is known`);
    last = { confirmedAt: options.nowMs(), streamUrl, version };
    confirmations += 1;
    confirmedMonotonicMs = options.monotonicMs();
    options.localStorage?.setItem(options.key, JSON.stringify(last));
    options.onConfirmed();
  };

  return {
    confirmations: () => confirmations,
    last: () => last,
    ageMs() {
      if (confirmations > 0) return options.monotonicMs() - confirmedMonotonicMs;
      return last && Math.max(0, options.nowMs() - last.confirmedAt);
    },
    fetch: async (request, init) => {
      const servesCopy = isFirst && last !== null;
      isFirst = false;
      if (servesCopy) throw new TypeError('The persisted copy is served first');
      const signal = AbortSignal.any([
        AbortSignal.timeout(ANSWER_WITHIN_MS),
        ...(init?.signal ? [init.signal] : []),
      ]);
      const response = await options.fetch(request, { ...init, signal, cache: 'no-store' });
      if (response.status === 304) confirm(last ?? { streamUrl: null, version: null });
      if (response.status !== 200) return response;
      const text = await response.text();
      const bulk = bulkAnswerOf(text);
      // A captive portal answers 200 as well: only flags are a confirmation of flags.
      if (bulk)
        confirm(announcedBy(bulk, request instanceof Request ? request.url : String(request)));
      return new Response(text, { status: 200, headers: response.headers });
    },
  };
}

function readConfirmation({ localStorage, key }: Options): Confirmation | null {
  const text = localStorage?.getItem(key);
  if (!text) return null;
  try {
    const { confirmedAt, streamUrl, version } = JSON.parse(text) as Partial<Confirmation>;
    if (typeof confirmedAt !== 'number') return null;
    return {
      confirmedAt,
      streamUrl: typeof streamUrl === 'string' ? streamUrl : null,
      version: typeof version === 'number' ? version : null,
    };
  } catch {
    // Someone else's value under our key: as good as none.
    return null;
  }
}

type AnnouncedStream = {
  type?: unknown;
  url?: unknown;
  endpoint?: { origin?: unknown; requestUri?: unknown };
};

type BulkAnswer = {
  flags: unknown[];
  metadata?: { configVersion?: unknown } | null;
  eventStreams?: unknown;
};
type Announced = Pick<Confirmation, 'streamUrl' | 'version'>;

function bulkAnswerOf(text: string): BulkAnswer | null {
  try {
    const answer = JSON.parse(text) as Partial<BulkAnswer> | null;
    return Array.isArray(answer?.flags) ? (answer as BulkAnswer) : null;
  } catch {
    // Not JSON: the provider says so itself.
    return null;
  }
}

function announcedBy(answer: BulkAnswer, answeredBy: string): Announced {
  const version = answer.metadata?.configVersion;
  return {
    streamUrl: announcedStream(answer, answeredBy),
    version: typeof version === 'number' ? version : null,
  };
}

/** The first `sse` stream of a bulk answer (OFREP 0.3, ADR-0008). */
function announcedStream({ eventStreams }: BulkAnswer, answeredBy: string): string | null {
  if (!Array.isArray(eventStreams)) return null;
  const streams = eventStreams as (AnnouncedStream | null)[];
  const stream = streams.find((announced) => announced?.type === 'sse');
  if (typeof stream?.url === 'string') return addressOf(stream.url, answeredBy);
  if (typeof stream?.endpoint?.requestUri !== 'string') return null;
  const origin = stream.endpoint.origin;
  return addressOf(stream.endpoint.requestUri, typeof origin === 'string' ? origin : answeredBy);
}

const addressOf = (path: string, base: string): string | null =>
  URL.canParse(path, base) ? new URL(path, base).href : null;
