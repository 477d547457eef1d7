import { spawnWorkerSession } from '../../../web/sdk/inference/worker-session.ts';
import {
  type Client,
  createClient,
  InputError,
  type Prediction,
  PredictionError,
} from '../../../web/sdk/main.ts';
import { indexedDbStorage } from '../../../web/sdk/storage/indexed-db.ts';
import { BINARY_USE_CASE, TEST_USE_CASE } from '../../../web/sdk/test-support/test-client.ts';
import type { PageSettings } from '../sdk-site.ts';
import { measureOverhead } from './measure-overhead.ts';

/** What the tests drive from outside; everything in it is the SDK's own code on the browser's own adapters. */
const page = {
  client: null as unknown as Client,
  predictions: [] as Prediction[],
  InputError,
  PredictionError,
  indexedDbStorage,
  spawnWorkerSession,
  measureOverhead,
  /** Workers that were started, so that a test can kill one. */
  workers: [] as Worker[],
  open(settings: PageSettings): void {
    page.client = createClient({
      endpoint: location.origin,
      publishableKey: 'pk_test',
      useCase: settings.isBinary ? BINARY_USE_CASE : TEST_USE_CASE,
      trustedKeys: { publisher: [settings.publicKey] },
      context: { targetingKey: settings.targetingKey },
      deadlineMs: settings.deadlineMs,
      consent: settings.consent,
    });
  },
};
export type TestPageGlobals = typeof page;

const NativeWorker = Worker;
globalThis.Worker = class extends NativeWorker {
  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options);
    page.workers.push(this);
  }
};

Object.assign(globalThis, { edgewise: page });
