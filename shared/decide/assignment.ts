import type { ModelConfiguration } from '../contracts/flags.ts';
import { murmur3 } from '../core/murmur3.ts';
import { utf8 } from '../core/utf8.ts';

/** Buckets a targeting key can fall in: shares are told in basis points. */
export const BUCKETS = 10_000;

/**
 * The bucket of a targeting key, 0..9999: murmur3_x86_32(utf8(salt + ':' + key), seed 0) mod 10,000.
 * A share of `p` basis points holds the keys whose bucket is below `p`, so a growing share only adds keys.
 */
export function bucketOf(salt: string, targetingKey: string): number {
  return murmur3(utf8(`${salt}:${targetingKey}`), 0) % BUCKETS;
}

export type Assignment =
  | {
      status: 'assigned';
      version: string;
      variant: 'champion' | 'challenger';
      /** The challenger is to answer beside it, for nobody. */
      isShadowed: boolean;
    }
  | { status: 'killed' }
  | { status: 'not_assigned' };

/**
 * What a model's configuration gives one targeting key. Traffic share and canary share are salted
 * apart, so the keys of a canary are a fair sample of the keys that get a model.
 * A challenger without a champion serves its share; the rest is not assigned. One in the shadow serves nobody:
 * the keys of its share are told to run it beside the champion.
 */
export function assign(
  configuration: ModelConfiguration,
  model: string,
  targetingKey: string,
): Assignment {
  if (!configuration.mlEnabled) return { status: 'killed' };
  const { champion, challenger, trafficBasisPoints } = configuration;
  if (!inShare(trafficBasisPoints, `traffic:${model}`, targetingKey))
    return { status: 'not_assigned' };
  const isChosen =
    challenger !== null &&
    inShare(challenger.basisPoints, `canary:${model}:${challenger.version}`, targetingKey);
  const isShadowed = isChosen && challenger.mode === 'shadow';
  if (isChosen && !isShadowed)
    return { status: 'assigned', version: challenger.version, variant: 'challenger', isShadowed };
  if (!champion) return { status: 'not_assigned' };
  return { status: 'assigned', version: champion.version, variant: 'champion', isShadowed };
}

/** Does the assignment depend on the key at all? */
export function needsBucket(configuration: ModelConfiguration): boolean {
  const { mlEnabled, trafficBasisPoints, challenger } = configuration;
  if (!mlEnabled || trafficBasisPoints <= 0) return false;
  return isSplit(trafficBasisPoints) || (challenger !== null && isSplit(challenger.basisPoints));
}

/** Is this share neither nobody nor everybody? */
export const isSplit = (basisPoints: number): boolean => basisPoints > 0 && basisPoints < BUCKETS;

/** Is the key among the first `basisPoints` buckets? Hashes only when the share is a split. */
export function inShare(basisPoints: number, salt: string, targetingKey: string): boolean {
  return isSplit(basisPoints) ? bucketOf(salt, targetingKey) < basisPoints : basisPoints > 0;
}
