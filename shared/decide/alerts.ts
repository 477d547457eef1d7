import type { AlertView } from '../contracts/registry.ts';

/** What a rule says at one look. `unknown` (too little data, or between the limits) changes nothing. */
export type AlertCondition = {
  rule: string;
  severity: AlertView['severity'];
  verdict: 'firing' | 'clear' | 'unknown';
  summary: string;
};

export type AlertUpdate = {
  /** Every alert that still fires, old and new. */
  alerts: AlertView[];
  opened: AlertView[];
  resolved: AlertView[];
};

/** Clear for this long since it last fired before an alert is resolved. */
export const RECOVER_AFTER_MS = 60_000;

/**
 * Brings a model's firing alerts up to date with one look at its rules. One alert per rule: a rule
 * that fires again renews `lastSeenAt` (and summary and severity) of the alert it has. An alert is
 * resolved at least `recoverAfterMs` after it last fired, by a clear verdict, or because its rule is
 * gone (a promoted version has no such input). `unknown`, or a rule not looked at, neither opens nor
 * resolves.
 * @param options.open alerts of this model that fire
 * @param options.rules every rule that there is now, silenced ones too
 * @param options.createId gives the id of each alert opened
 */
export function updateAlerts(options: {
  model: string;
  open: readonly AlertView[];
  conditions: readonly AlertCondition[];
  rules: ReadonlySet<string>;
  nowMs: number;
  createId: () => string;
  /** By rule; RECOVER_AFTER_MS without. */
  recoverAfterMs?: (rule: string) => number;
}): AlertUpdate {
  const now = new Date(options.nowMs).toISOString();
  const firing = new Map(options.open.map((alert) => [alert.rule, alert]));
  const opened: AlertView[] = [];
  const resolved: AlertView[] = [];
  for (const condition of options.conditions) {
    const alert = firing.get(condition.rule);
    if (condition.verdict === 'firing') {
      const { severity, summary } = condition;
      const next = alert
        ? { ...alert, severity, summary, lastSeenAt: now }
        : openAlert(condition, { id: options.createId(), model: options.model, now });
      if (!alert) opened.push(next);
      firing.set(condition.rule, next);
    } else if (alert && condition.verdict === 'clear' && hasRecovered(alert, options)) {
      firing.delete(condition.rule);
      resolved.push({ ...alert, status: 'resolved', resolvedAt: now });
    }
  }
  for (const [rule, alert] of firing) {
    if (options.rules.has(rule) || !hasRecovered(alert, options)) continue;
    firing.delete(rule);
    const summary = `${alert.summary} (no longer judged)`;
    resolved.push({ ...alert, summary, status: 'resolved', resolvedAt: now });
  }
  return { alerts: [...firing.values()], opened, resolved };
}

/** A renewal alone is told this often at most. */
export const RENEWAL_TOLD_EVERY_MS = 60_000;

/**
 * Must this alert be told to those who were last told `told`? At once where it is new to them, was resolved, has
 * another severity, or says something else; numbers inside its summary move at every look and are told, like
 * `lastSeenAt`, once a minute.
 */
export function isNews(told: AlertView | null, alert: AlertView): boolean {
  if (!told || told.status !== alert.status || told.severity !== alert.severity) return true;
  if (withoutNumbers(told.summary) !== withoutNumbers(alert.summary)) return true;
  return Date.parse(alert.lastSeenAt) - Date.parse(told.lastSeenAt) >= RENEWAL_TOLD_EVERY_MS;
}

const withoutNumbers = (summary: string): string =>
  summary.replace(/(?<![\w.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?!\.?\w)/g, '#');

function openAlert(
  { rule, severity, summary }: AlertCondition,
  { id, model, now }: { id: string; model: string; now: string },
): AlertView {
  const times = { openedAt: now, lastSeenAt: now, resolvedAt: null };
  return { id, model, rule, severity, status: 'firing', summary, ...times };
}

function hasRecovered(
  alert: AlertView,
  {
    nowMs,
    recoverAfterMs = () => RECOVER_AFTER_MS,
  }: { nowMs: number; recoverAfterMs?: (rule: string) => number },
): boolean {
  return nowMs - Date.parse(alert.lastSeenAt) >= recoverAfterMs(alert.rule);
}
