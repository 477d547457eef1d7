import type { Declaration } from '../contracts/declaration.ts';
import { type AlertCondition, RECOVER_AFTER_MS } from './alerts.ts';

/** How long a rule must fire to open its alert, and be clear to resolve it. */
export type Holding = { forMs: number; recoverAfterMs: number };

/** What a declaration says of each rule: its own words before those of all before the colon before those of all. */
export function holdingOf(
  alerting: Declaration['monitors']['alerting'],
): (rule: string) => Holding {
  const { rules = {}, ...all } = alerting ?? { forMs: 0, recoverAfterMs: RECOVER_AFTER_MS };
  return (rule) => ({ ...all, ...rules[rule.split(':')[0]], ...rules[rule] });
}

/** Looks come at least once a minute, and one may be late or fail. */
const LOOKS_APART_MS = 150_000;

/** By rule: since when it has been firing without a break, and when it last did. Plain JSON. */
export type FiringSince = Readonly<Record<string, { sinceMs: number; lastMs: number }>>;

/**
 * Lets a condition through only once it has been firing for its rule's `forMs` without a break; until then it is `unknown`,
 * which opens and resolves nothing. A clear look is a break, and so is no firing for longer than
 * `forMs` (and two looks, which come once a minute without traffic), for want of data or of a look: what fired this morning and fires again tonight has not
 * been firing all day.
 * @returns the conditions to hand to `updateAlerts`, and the state to keep for the next look
 */
export function holdConditions(
  conditions: readonly AlertCondition[],
  options: { since: FiringSince; holding: (rule: string) => Holding; nowMs: number },
): { conditions: AlertCondition[]; since: FiringSince } {
  const { nowMs } = options;
  const since = { ...options.since } as Record<string, FiringSince[string]>;
  const held = conditions.map((condition) => {
    const { rule, verdict } = condition;
    if (verdict === 'unknown') return condition;
    if (verdict === 'clear') {
      delete since[rule];
      return condition;
    }
    const { forMs } = options.holding(rule);
    const before = since[rule];
    const isUnbroken = before && nowMs - before.lastMs <= Math.max(forMs, LOOKS_APART_MS);
    const sinceMs = isUnbroken ? before.sinceMs : nowMs;
    since[rule] = { sinceMs, lastMs: nowMs };
    const isHeld = nowMs - sinceMs >= forMs;
    return isHeld ? condition : { ...condition, verdict: 'unknown' as const };
  });
  return { conditions: held, since };
}

/** A rule that somebody asked to be left alone until a time. `*` silences every rule. */
export type Silence = { rule: string; untilMs: number };

/** Conditions without those that are silenced now: their alerts neither open nor change. */
export function silenceConditions(
  conditions: readonly AlertCondition[],
  silences: readonly Silence[],
  nowMs: number,
): AlertCondition[] {
  const silent = new Set(silences.filter(({ untilMs }) => nowMs < untilMs).map(({ rule }) => rule));
  return silent.has('*') ? [] : conditions.filter(({ rule }) => !silent.has(rule));
}
