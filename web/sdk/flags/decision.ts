import * as v from 'valibot';
import { MODEL_FLAGS, type ModelFlag, modelFlag } from '../../../shared/contracts/flags.ts';
import type { Assignment } from '../types.ts';
import type { RemoteFlags } from './remote-flags.ts';

/** What the flags say now of this client's model. */
export type Decision = {
  /** null: no flag is known, or none that was confirmed lately enough. */
  flag: ModelFlag | null;
  /** false: the server has not been heard and there is no copy of what it said. */
  isKnown: boolean;
  isKilled: boolean;
  isFallbackAllowed: boolean;
  assignment: Assignment;
  /** Configuration version in force here. */
  configVersion: number | null;
};

type Options = { flags: RemoteFlags; maxStaleMs: number };

/** Reads the flags, which are in memory, each time it is called. */
export function createDecide({ flags, maxStaleMs }: Options): () => Decision {
  const parse = rememberLast(parseModelFlag);
  return () => {
    const { ageMs: knownAgeMs, isConfirmedNow } = flags.status();
    const ageMs = knownAgeMs ?? 0;
    const { client } = flags;
    const details = client.getObjectDetails(MODEL_FLAGS.model, {});
    const isKnown = knownAgeMs !== null && details.errorCode !== 'PROVIDER_NOT_READY';
    const flag = isKnown && ageMs <= maxStaleMs && !details.errorCode ? parse(details.value) : null;
    const version = details.flagMetadata['configVersion'];
    return {
      flag,
      isKnown,
      isKilled: flag?.status === 'killed' || !client.getBooleanValue(MODEL_FLAGS.mlEnabled, true),
      isFallbackAllowed: client.getBooleanValue(MODEL_FLAGS.fallbackOnError, true),
      assignment: {
        variant: flag?.status === 'assigned' ? variantOf(details.variant) : 'none',
        reason: reasonOf(flag, isConfirmedNow),
        ageMs,
      },
      configVersion: typeof version === 'number' ? version : null,
    };
  };
}

function reasonOf(flag: ModelFlag | null, isConfirmedNow: boolean): Assignment['reason'] {
  if (!flag) return 'DEFAULT';
  return isConfirmedNow ? 'SPLIT' : 'CACHED';
}

function variantOf(variant: string | undefined): Assignment['variant'] {
  return variant === 'champion' || variant === 'challenger' ? variant : 'none';
}

function parseModelFlag(value: unknown): ModelFlag | null {
  const parsed = v.safeParse(modelFlag, value);
  return parsed.success ? parsed.output : null;
}

/** The provider gives the same object until it has other flags. */
function rememberLast<T>(parse: (value: unknown) => T): (value: unknown) => T {
  let seen: unknown;
  let parsed = parse(seen);
  return (value) => {
    if (value !== seen) parsed = parse(value);
    seen = value;
    return parsed;
  };
}
