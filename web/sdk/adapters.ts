import type { Input } from '../../shared/contracts/declaration.ts';
import type { Manifest, Row } from '../../shared/contracts/manifest.ts';
import type { Backend } from '../../shared/contracts/telemetry.ts';
import type { Rng } from '../../shared/core/rng.ts';

/**
 * What the client takes from its surroundings. A browser's own are the default; a simulated device
 * replaces storage, inference and locks and runs the same code.
 */
export type Adapters = {
  storage: OpenStorage;
  inference: SpawnSession;
  locks: Locks;
  /** null: no live stream here; flags follow acknowledgements. */
  eventSource: ((url: string) => EventSourceLike) | null;
  fetch: typeof fetch;
  /** Unix milliseconds. */
  nowMs: () => number;
  /** Milliseconds from any fixed origin, never going back. */
  monotonicMs: () => number;
  rng: Rng;
  /** Sentinel against eviction and the flags' time of confirmation. null: none here. */
  localStorage: KeyValueStorage | null;
  page: PageEvents;
};

/** The part of a browser's Storage that is used; a service worker has no such type. */
export type KeyValueStorage = {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
};

export type Key = readonly (string | number)[];
export type KeyRange = { from: Key; to: Key };

/** The object stores; every key is an array, ordered as IndexedDB orders them. */
export const STORES = ['meta', 'events', 'batches', 'dead', 'recent', 'chunks'] as const;
export type StoreName = (typeof STORES)[number];

/** Operations inside one transaction. A function that runs in it awaits nothing else. */
export type Transaction = {
  get(store: StoreName, key: Key): Promise<unknown>;
  put(store: StoreName, key: Key, value: unknown): Promise<void>;
  delete(store: StoreName, key: Key): Promise<void>;
  /** Entries with from <= key <= to, ascending or, with `reverse`, descending. */
  entries(
    store: StoreName,
    range: KeyRange,
    options?: { limit?: number; reverse?: boolean },
  ): Promise<{ key: Key; value: unknown }[]>;
  count(store: StoreName, range: KeyRange): Promise<number>;
};

/**
 * A transactional store: `write` is all or nothing, serialised against other writes of the same
 * stores, also those of other tabs; with `strict` it resolves once the data is on disk.
 */
export type ClientStorage = {
  readonly kind: 'indexeddb' | 'memory';
  read<T>(stores: readonly StoreName[], work: (tx: Transaction) => Promise<T>): Promise<T>;
  write<T>(
    stores: readonly StoreName[],
    durability: 'relaxed' | 'strict',
    work: (tx: Transaction) => Promise<T>,
  ): Promise<T>;
  /** All or nothing, asked for in one go: may be committed although the page ends right after. */
  putAll(entries: readonly Entry[], durability: 'relaxed' | 'strict'): Promise<void>;
  close(): void;
};
export type Entry = { store: StoreName; key: Key; value: unknown };
export type OpenStorage = (name: string) => Promise<ClientStorage>;

/** One model in one worker. `run` answers one value a row, in order. */
export type InferenceSession = {
  /** What runs it; left out where nobody knows. */
  readonly backend?: Backend;
  run(rows: readonly Row[]): Promise<Float32Array>;
  /** Ends the worker; runs that are not answered reject. */
  terminate(): void;
};
/**
 * Starts a worker with a model. `onCrash` is called at most once, when a session that had been
 * handed out dies by itself.
 * @throws when the runtime or the graph cannot be loaded
 */
export type SpawnSession = (options: {
  /** Still on its way, perhaps: what the worker needs besides can be fetched meanwhile. */
  model: Promise<Uint8Array>;
  inputs: readonly Input[];
  /** Of the model; default: onnx. */
  format?: Manifest['format'];
  /** What a tfjs model, which knows no missing value, is given in place of one. */
  baseline?: Manifest['baseline'];
  wasmUrl?: string;
  onCrash: (error: Error) => void;
}) => Promise<InferenceSession>;

export type Locks = {
  /** Runs `work` under the lock; after `timeoutMs` without it, runs it all the same. */
  withLock<T>(name: string, timeoutMs: number, work: () => Promise<T>): Promise<T>;
};

export type EventSourceLike = {
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: Event) => void) | null;
  close(): void;
};

/** Hints from the page; correctness rests on none of them. */
export type PageEvents = {
  /** Subscribes and returns the way out. hidden: the page may be gone soon. */
  on(event: 'hidden' | 'visible' | 'online', listener: () => void): () => void;
};
