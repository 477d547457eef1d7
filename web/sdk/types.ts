import type { EvaluationDetails } from '@openfeature/web-sdk';
import type { InputValue, Row } from '../../shared/contracts/manifest.ts';
import type { BatchHeader, FallbackReason } from '../../shared/contracts/telemetry.ts';
import type { ClientUseCase } from '../../shared/use-case/define-use-case.ts';
import type { InputDefinition, RowOf } from '../../shared/use-case/row-type.ts';
import type { DecisionOf, OutcomeOf, TaskDefinition } from '../../shared/use-case/task-type.ts';
import type { InputIssue } from '../../shared/use-case/validate-row.ts';
import type { Adapters } from './adapters.ts';

/** Base64url raw Ed25519 public keys. Versions signed by a retraining key are refused unless one is given. */
export type TrustedKeys = { publisher: readonly string[]; retraining?: readonly string[] };

/** pending: events stay in memory and are not sent. denied: erases the outbox and the device id. */
export type Consent = 'pending' | 'granted' | 'denied';

/** OpenFeature's evaluation context; `useCase` is added by the client. */
export type ClientContext = {
  targetingKey: string;
  [attribute: string]: string | number | boolean;
};

export type ClientOptions<
  Inputs extends readonly InputDefinition[] = readonly InputDefinition[],
  T extends TaskDefinition = TaskDefinition,
> = {
  /** Origin (and path, if any) of the Edgewise server; relative to the page when it has no scheme. */
  endpoint: string;
  publishableKey: string;
  /** `clientUseCase(declaration)`. */
  useCase: ClientUseCase<Inputs, T>;
  trustedKeys: TrustedKeys;
  context: ClientContext;
  /** Default 'granted': the host application asks its own users. */
  consent?: Consent;
  /** The model's time to answer before the fallback does. Default 1000. */
  deadlineMs?: number;
  /** Flags not confirmed by the server for longer assign nothing. Default 30 days. */
  maxStaleMs?: number;
  runtime?: {
    /** Where onnxruntime's `ort-wasm-simd-threaded.wasm` is served; default: beside the worker, as the bundler put it. */
    wasmUrl?: string;
  };
  adapters?: Partial<Adapters>;
};

export type Assignment = {
  variant: 'champion' | 'challenger' | 'none';
  /** SPLIT: confirmed by the server in this session. CACHED: from the persisted copy. DEFAULT: none known. */
  reason: 'SPLIT' | 'CACHED' | 'DEFAULT';
  /** Milliseconds since the server last confirmed it. */
  ageMs: number;
};

/**
 * Of a binary use case with the class that it stands for (`label`, a class's value) and the `threshold` from which on
 * that is the positive one: of the version that answered, for a fallback of the declaration.
 */
export type Prediction<T extends TaskDefinition = TaskDefinition> = DecisionOf<T> & {
  /** `device.writer:sequence`; null when it is not recorded (`record: false`, or consent denied). */
  id: string | null;
  /** In target units; of a binary use case the probability of its positive class, in [0, 1]. */
  value: number;
  /** Holds the manifest's `level` (90 %) of outcomes; only of a regression, with `source: 'model'`. */
  interval?: [number, number];
  /** The version that answered; null when the fallback did. */
  version: string | null;
  source: 'model' | 'fallback';
  fallbackReason?: FallbackReason;
  assignment: Assignment;
  /** Values beyond their range and unknown categories: answered all the same. */
  warnings: InputIssue[];
  latencyMs: number;
  /** The row that was answered, missing values as null. */
  input: Row;
};

export type PredictOptions = {
  signal?: AbortSignal;
  deadlineMs?: number;
  /** false: a what-if; no event, no id. Default true. */
  record?: boolean;
};

/**
 * `contribution`: the prediction minus the prediction with this input at its baseline (the
 * reference's median or mode), target units; of a binary use case a difference of probabilities.
 */
export type Reason = {
  input: string;
  value: InputValue;
  baseline: InputValue;
  contribution: number;
};

export type Explanation =
  | {
      status: 'explained';
      source: 'model' | 'fallback';
      value: number;
      /** Largest absolute contribution first. */
      reasons: Reason[];
    }
  | { status: 'unavailable'; reason: FallbackReason };

export type ModelState = 'none' | 'loading' | 'ready' | 'failed';

export type ClientStatus = {
  model: {
    /** How far the assigned version is; an earlier one may answer meanwhile. */
    state: ModelState;
    /** Version that would answer now, were a model allowed to. */
    version: string | null;
    /** Of that version's graph, as delivered. */
    sizeBytes: number | null;
    /** Share of outcomes that its intervals hold, in (0, 1); null where its answers have none: a classifier's. */
    intervalLevel: number | null;
    assigned: string | null;
    variant: Assignment['variant'];
    killed: boolean;
    /** Why `state` is failed, in words. */
    detail: string | null;
  };
  flags: {
    state: 'loading' | 'fresh' | 'cached' | 'unavailable';
    /** Configuration version in force here. */
    version: number | null;
    confirmedAt: number | null;
    /** Is the live stream open? */
    live: boolean;
  };
  outbox: {
    /** Events recorded and not yet acknowledged. */
    waiting: number;
    /** Events the server refused for good, kept on the device. */
    deadLetters: number;
    dropped: BatchHeader['dropped'];
    lastSentAt: number | null;
    lastError: string | null;
  };
  storage: {
    kind: 'opening' | 'indexeddb' | 'memory';
    /** The browser erased what this origin had stored since the last visit. */
    evicted: boolean;
    detail: string | null;
  };
  consent: Consent;
  device: string | null;
};

export type SyncReport = {
  /** Batches acknowledged by this flush; of them, those the server had already. */
  batches: number;
  duplicates: number;
  accepted: number;
  rejected: number;
  /** Events still on the device. */
  waiting: number;
  /** Why it stopped with events left; null when nothing is left. */
  stopped: null | { reason: 'offline' | 'server' | 'unauthorised' | 'consent'; detail: string };
};

export type Client<R extends object = Row, T extends TaskDefinition = TaskDefinition> = {
  /** Resolves when the first decision is known: a model is ready, or it is known why not. Never rejects. */
  readonly ready: Promise<void>;
  readonly status: ClientStatus;
  /** @throws InputError for wrong types, unknown inputs, missing values where the policy is `reject`. */
  predict(input: R, options?: PredictOptions): Promise<Prediction<T>>;
  predictMany(inputs: Iterable<R>, options?: PredictOptions): AsyncIterable<Prediction<T>>;
  explain(prediction: Prediction): Promise<Explanation>;
  /**
   * Durable when it resolves. Of a binary use case `value` is 0, 1 or the value of a class.
   * @throws UnknownPredictionError when this device does not know the id
   * @throws InputError when a binary use case has no such class
   */
  recordOutcome(id: string, value: OutcomeOf<T>, options?: { observedAt?: number }): Promise<void>;
  track(name: string, details?: Record<string, string | number | boolean>): void;
  flag<T extends boolean | number | string>(key: string, defaultValue: T): EvaluationDetails<T>;
  setContext(context: ClientContext): Promise<void>;
  setConsent(consent: Consent): Promise<void>;
  flush(): Promise<SyncReport>;
  /** Called after any change of `status`. */
  onChange(listener: (status: ClientStatus) => void): () => void;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Synchronous: everything it opens, it opens behind; `predict` answers from the first call on. */
export type CreateClient = <
  const Inputs extends readonly InputDefinition[],
  const T extends TaskDefinition,
>(
  options: ClientOptions<Inputs, T>,
) => Client<RowOf<Inputs>, T>;
