import * as v from 'valibot';
import type { Signed } from './manifest.ts';
import { semver, signed } from './manifest.ts';

/**
 * Flags every model has; they are evaluated for the use case that the evaluation context names
 * (`useCase`), so one bulk answer carries one model's manifest and no other.
 */
export const MODEL_FLAGS = {
  /** boolean: the kill switch. */
  mlEnabled: 'ml-enabled',
  /** number, per cent: the share of targeting keys that may get a model at all. */
  mlTrafficPercentage: 'ml-traffic-percentage',
  /** boolean: may the fallback answer when the model fails? */
  fallbackOnError: 'fallback-on-error',
  /** object: ModelFlag, the assignment with its signed manifest. */
  model: 'model',
} as const;

/** Value of the flag `model`: what this targeting key gets. */
export const modelFlag = v.variant('status', [
  v.object({
    status: v.literal('assigned'),
    version: semver,
    /** payload = the manifest's exact bytes. */
    manifest: signed,
    revocations: v.nullable(signed),
    /** A challenger to run beside it: its answers are told home and given to nobody. */
    shadow: v.optional(v.object({ version: semver, manifest: signed })),
  }),
  v.object({ status: v.literal('killed'), revocations: v.nullable(signed) }),
  v.object({ status: v.literal('not_assigned'), revocations: v.nullable(signed) }),
]);
export type ModelFlag = v.InferOutput<typeof modelFlag>;

/** What the flag configuration says of one model. */
export type ModelConfiguration = {
  mlEnabled: boolean;
  /** Basis points (0..10,000) of targeting keys that may get a model. */
  trafficBasisPoints: number;
  fallbackOnError: boolean;
  champion: { version: string; manifest: Signed } | null;
  challenger: ServedChallenger | null;
};

export type ServedChallenger = {
  version: string;
  manifest: Signed;
  rolloutId: string;
  basisPoints: number;
  /** Absent in documents written before there was a shadow: serve. */
  mode?: 'serve' | 'shadow';
};

/** A flag of the workspace's own: on for a share of targeting keys. */
export type WorkspaceFlag = {
  enabled: boolean;
  basisPoints: number;
  on: boolean | number | string;
  off: boolean | number | string;
};

/** One immutable, versioned document per workspace; every change writes the next. */
export type FlagConfiguration = {
  version: number;
  models: Record<string, ModelConfiguration>;
  flags: Record<string, WorkspaceFlag>;
  revocations: Signed | null;
};

export type EvaluationContext = {
  targetingKey?: string;
  useCase?: string;
  [attribute: string]: unknown;
};

/** OFREP 0.3 success or failure of one flag. */
export type FlagEvaluation =
  | {
      key: string;
      reason: 'STATIC' | 'TARGETING_MATCH' | 'SPLIT' | 'DISABLED' | 'UNKNOWN';
      value: unknown;
      variant: string;
      metadata: { configVersion: number };
    }
  | {
      key: string;
      errorCode: 'TARGETING_KEY_MISSING' | 'INVALID_CONTEXT' | 'FLAG_NOT_FOUND' | 'GENERAL';
      errorDetails: string;
    };
