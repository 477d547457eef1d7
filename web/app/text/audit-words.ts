import type { AuditEntry, ModelSettingsRequest } from '../../../shared/contracts/registry.ts';
import { rate } from './format.ts';

const WORDS: Record<string, string> = {
  'alert.silence': 'Silenced a rule',
  'alert.unsilence': 'Lifted a silence',
  'champion.withdraw': 'Withdrew a revoked champion',
  'flag.write': 'Wrote a flag',
  'key.trust': 'Trusted a signing key',
  'model.seen': 'Saw a model first',
  'model.settings': 'Changed the controls',
  'revocations.replace': 'Replaced the revocation list',
  'rollout.advance': 'Went a step on',
  'rollout.all': 'Rolled out to everyone',
  'rollout.blue-green': 'Started a blue-green rollout',
  'rollout.canary': 'Started a canary',
  'rollout.promote': 'Promoted',
  'rollout.roll_back': 'Rolled back',
  'rollout.rolling': 'Started a rolling rollout',
  'rollout.shadow': 'Started a shadow',
  'run.failed': 'Retraining failed',
  'run.skipped': 'Skipped a retraining',
  'run.start': 'Started a retraining',
  'run.succeeded': 'Retraining succeeded',
  'session.open': 'Opened the console',
  'version.publish': 'Published a version',
};

/** What was done, as a person reads it; an action this app does not know yet by its code. */
export const actionWords = (action: string): string => WORDS[action] ?? action;

/** What an entry adds. Settings are kept as they were asked for: JSON. */
export function detailWords({ action, detail }: Pick<AuditEntry, 'action' | 'detail'>): string {
  if (action === 'model.settings') return settingsWords(detail) ?? detail;
  return action.startsWith('rollout.') ? stepWords(detail) : detail;
}

/** Shares as people read them: `serve 0.05` is 5%. */
const stepWords = (detail: string): string =>
  detail.replace(
    /\b(serve|shadow) (\d+(?:\.\d+)?)\b/g,
    (_, mode: string, share: string) =>
      `${rate(Number(share))}${mode === 'shadow' ? ' shadow' : ''}`,
  );

/** Null for what this app cannot read. */
function settingsWords(detail: string): string | null {
  const asked = parseSettings(detail);
  if (asked === null) return null;
  const { mlEnabled, trafficPercentage, fallbackOnError } = asked;
  const words: string[] = [];
  if (mlEnabled !== undefined) words.push(`model switched ${mlEnabled ? 'on' : 'off'}`);
  if (trafficPercentage !== undefined)
    words.push(`${rate(trafficPercentage / 100)} of traffic may get a model`);
  if (fallbackOnError !== undefined)
    words.push(`built-in estimate on errors ${fallbackOnError ? 'on' : 'off'}`);
  return words.length > 0 ? words.join(', ') : null;
}

function parseSettings(detail: string): ModelSettingsRequest | null {
  try {
    return JSON.parse(detail) as ModelSettingsRequest;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
