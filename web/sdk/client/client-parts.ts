import { webCrypto } from '../../../shared/contracts/verify.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../../shared/core/time.ts';
import type { Adapters, ClientStorage } from '../adapters.ts';
import { browserAdapters } from '../browser/adapters.ts';
import { createDecide, type Decision } from '../flags/decision.ts';
import { createRemoteFlags, type RemoteFlags } from '../flags/remote-flags.ts';
import { createModelFollower, type ModelFollower } from '../model-cache/model-follower.ts';
import type { OnIncident } from '../model-cache/refusal-report.ts';
import type { PredictorOptions } from '../predict/predictor.ts';
import { createShadowRunner, type ShadowRunner } from '../predict/shadow.ts';
import type { ClientOptions } from '../types.ts';
import { Ledger } from './ledger.ts';
import { lateStorage, openStorage } from './open-storage.ts';

const DEFAULT_DEADLINE_MS = SECOND_MS;
const DEFAULT_MAX_STALE_MS = 30 * DAY_MS;
const REFETCH_EVERY_MS = 6 * HOUR_MS;

/** What the parts tell the client; none is called before `clientParts` has returned. */
export type PartEvents = {
  onChange: () => void;
  onFlags: () => void;
  onFlagsVersion: (version: number) => void;
  onIncident: OnIncident;
};

export type ClientParts = {
  adapters: Adapters;
  storage: ClientStorage;
  ledger: Ledger;
  models: ModelFollower;
  shadow: ShadowRunner;
  flags: RemoteFlags;
  decide: () => Decision;
  predictor: PredictorOptions;
};

/** The parts of one client, each with the neighbours and the adapters it needs. */
export function clientParts(options: ClientOptions, events: PartEvents): ClientParts {
  const adapters: Adapters = { ...browserAdapters(), ...options.adapters };
  const { useCase, publishableKey } = options;
  const origin = { endpoint: absolute(options.endpoint), publishableKey };
  const opened = openStorage(adapters.storage);
  const storage = lateStorage(opened);
  const { onChange } = events;
  const ledger = new Ledger({
    ...origin,
    model: useCase.id,
    adapters,
    opened,
    consent: options.consent ?? 'granted',
    onFlagsVersion: events.onFlagsVersion,
    onChange,
  });
  const following = {
    useCase,
    trustedKeys: options.trustedKeys,
    origin,
    storage,
    crypto: webCrypto(crypto.subtle),
    fetch: adapters.fetch,
    spawn: adapters.inference,
    wasmUrl: options.runtime?.wasmUrl,
    rng: adapters.rng,
    onIncident: events.onIncident,
    onChange,
  };
  const models = createModelFollower(following);
  const shadows = createModelFollower({ ...following, isShadow: true });
  const { flags, decide } = flagParts(options, { adapters, origin, onChange: events.onFlags });
  const deadlineMs = options.deadlineMs ?? DEFAULT_DEADLINE_MS;
  const shadow = createShadowRunner({ models, shadows, ledger, deadlineMs, adapters });
  const predictor = { useCase, deadlineMs, decide, models, ledger, shadow, adapters };
  return { adapters, storage, ledger, models, shadow, flags, decide, predictor };
}

type FlagSurroundings = {
  adapters: Adapters;
  origin: { endpoint: string; publishableKey: string };
  onChange: () => void;
};

function flagParts(options: ClientOptions, { adapters, origin, onChange }: FlagSurroundings) {
  const maxStaleMs = options.maxStaleMs ?? DEFAULT_MAX_STALE_MS;
  const flags = createRemoteFlags({
    ...origin,
    useCase: options.useCase.id,
    context: options.context,
    adapters,
    refetchEveryMs: Math.min(REFETCH_EVERY_MS, maxStaleMs / 2),
    onChange,
  });
  return { flags, decide: createDecide({ flags, maxStaleMs }) };
}

/** Without a trailing slash; a path alone is this page's origin. */
function absolute(endpoint: string): string {
  const base = typeof location === 'undefined' ? undefined : location.href;
  return new URL(endpoint, base).href.replace(/\/$/, '');
}
