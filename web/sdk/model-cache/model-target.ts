import type { Signed } from '../../../shared/contracts/manifest.ts';
import type { ModelState } from '../types.ts';
import type { ActiveModel } from './acquire.ts';
import type { Refusal } from './refusal.ts';

/** A version that an assignment names. */
export type Target = { version: string; signed: Signed };
export type Failure = { target: Target | null; refusal: Refusal };

export const targetOf = ({ manifest, signed }: ActiveModel): Target => ({
  version: manifest.version,
  signed,
});

/** The same bytes under the same name, whatever object carries them. */
export const isSame = (a: Target, b: Target | null): boolean =>
  a.version === b?.version && a.signed.payload === b.signed.payload;

type Following = { active: ActiveModel | null; target: Target | null; failure: Failure | null };

/** How far the assigned version is; without an assignment, the version that answers. */
export function modelStateOf({ active, target, failure }: Following): ModelState {
  if (target && failure?.target === target && !active) return 'failed';
  if (active && (!target || isSame(target, targetOf(active))))
    return active.session.isLive() ? 'ready' : 'loading';
  if (target) return failure ? 'failed' : 'loading';
  return active ? 'ready' : 'none';
}
