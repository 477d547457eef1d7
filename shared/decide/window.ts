import type { Monitors } from '../contracts/declaration.ts';
import { parseDuration } from '../core/duration.ts';

/**
 * Which stretch of traffic is looked at. sliding: the last `spanMs`. tumbling: the last whole one of the stretches
 * of `spanMs` that time is cut into, counted from 1970. since-deploy: since the version became champion.
 */
export type WindowSpec =
  | { kind: 'sliding'; spanMs: number }
  | { kind: 'tumbling'; spanMs: number }
  | { kind: 'since-deploy' };

/** `30d` is sliding, `tumbling:7d` and `since-deploy` are what they say. Null for anything else. */
export function parseWindow(text: string): WindowSpec | null {
  if (text === 'since-deploy') return { kind: 'since-deploy' };
  const [kind, span] = text.startsWith('tumbling:')
    ? (['tumbling', text.slice('tumbling:'.length)] as const)
    : (['sliding', text] as const);
  const spanMs = parseDuration(span);
  return spanMs === null ? null : { kind, spanMs };
}

/** From `fromMs` up to, not including, `toMs`. */
export type WindowBounds = { fromMs: number; toMs: number };

/** @param options.deployedAtMs when the version became champion; null if it never did, and then nothing is cut off */
export function windowBounds(
  spec: WindowSpec,
  { nowMs, deployedAtMs }: { nowMs: number; deployedAtMs: number | null },
): WindowBounds {
  switch (spec.kind) {
    case 'sliding':
      return { fromMs: nowMs - spec.spanMs, toMs: nowMs };
    case 'tumbling': {
      const toMs = Math.floor(nowMs / spec.spanMs) * spec.spanMs;
      return { fromMs: toMs - spec.spanMs, toMs };
    }
    case 'since-deploy':
      return { fromMs: deployedAtMs ?? 0, toMs: nowMs };
  }
}

/**
 * Where the window begins that a declared monitor looks at now: it ends with what came in last.
 * @param options.deployedAtMs when the version became champion; null if nobody knows, and then it slides
 */
export function monitorFrom(
  { windowMs, window = 'sliding' }: Pick<Monitors['drift'], 'windowMs' | 'window'>,
  { nowMs, deployedAtMs }: { nowMs: number; deployedAtMs: number | null },
): number {
  if (window === 'tumbling') return Math.floor(nowMs / windowMs) * windowMs;
  if (window === 'since-deploy' && deployedAtMs !== null) return deployedAtMs;
  return nowMs - windowMs;
}
