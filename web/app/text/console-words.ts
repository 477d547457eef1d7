import type { RolloutStrategy } from '../../../shared/contracts/declaration.ts';
import type {
  DriftResult,
  GateResult,
  RolloutView,
  RunView,
} from '../../../shared/contracts/registry.ts';
import { quantity } from '../../../shared/core/quantity.ts';
import { about, isWanted, metricKind, metricWords } from '../../../shared/decide/metric-words.ts';
import { capitalised, count, figure, latency, rate } from './format.ts';

/** How an operator should feel about it. */
export type Tone = 'good' | 'warn' | 'bad' | 'idle';
export type Badge = { tone: Tone; words: string };

/** A gate's metric, as the head of its row. */
export const metricLabel = (metric: string): string => capitalised(metricWords(metric));

/** A gate's figure in the form of its metric; errors in the unit of the target. */
export function metricFigure(metric: string, value: number | null, unit: string): string {
  const kind = metricKind(metric);
  if (kind === 'target' && value !== null) return quantity(value, unit);
  if (kind === 'share') return rate(value);
  return kind === 'ms' ? latency(value) : figure(value);
}

/** What a gate's figure must not be above, or of a metric that should be large not below. */
export const gateLimit = ({ metric, limit }: GateResult, unit: string): string =>
  limit === null ? '–' : `${isWanted(metric) ? '≥' : '≤'} ${metricFigure(metric, limit, unit)}`;

/** What a silenced rule is about. */
export function ruleWords(rule: string): string {
  if (rule === '*') return 'Every rule';
  if (rule.startsWith('drift:')) return `Drift: ${rule.slice('drift:'.length)}`;
  return OTHER_RULES[rule] ?? metricLabel(rule);
}

const OTHER_RULES: Record<string, string> = {
  rollout: 'Rollouts that end themselves',
  loss: 'Events that went missing',
};

export function gateBadge({ verdict, n, needed, settledAt = null }: GateResult): Badge {
  switch (verdict) {
    case 'pass':
      return { tone: 'good', words: 'Holds' };
    case 'fail':
      return { tone: 'bad', words: 'Broken' };
    case 'inconclusive':
      return {
        tone: 'idle',
        words:
          settledAt === null ? 'Undecided' : `Undecided: ${count(n)} of about ${about(settledAt)}`,
      };
    case 'insufficient_data':
      return { tone: 'idle', words: `Too little data: ${count(n)} of ${count(needed)}` };
  }
}

/** A significant change that is small is reported, not alerted: it reads as a lesser one. */
export function driftBadge(
  { verdict, n, needed, psi, adjustedPValue }: DriftResult,
  { minPsi, alpha }: { minPsi: number; alpha: number },
): Badge {
  if (verdict === 'insufficient_data')
    return { tone: 'idle', words: `Too little data: ${count(n)} of ${count(needed)}` };
  const isSlight = psi !== null && psi < minPsi;
  if (verdict === 'drift' && !isSlight) return { tone: 'warn', words: 'Drift' };
  const isSignificant = verdict === 'drift' || (adjustedPValue !== null && adjustedPValue <= alpha);
  return isSignificant
    ? { tone: 'idle', words: 'Slight change' }
    : { tone: 'good', words: 'No drift' };
}

export function rolloutBadge({ status }: RolloutView): Badge {
  switch (status) {
    case 'running':
      return { tone: 'warn', words: 'Running' };
    case 'promoted':
      return { tone: 'good', words: 'Promoted' };
    case 'rolled_back':
      return { tone: 'bad', words: 'Rolled back' };
    case 'cancelled':
      return { tone: 'idle', words: 'Cancelled' };
  }
}

export function runBadge({ status }: RunView): Badge {
  switch (status) {
    case 'running':
      return { tone: 'warn', words: 'Running' };
    case 'succeeded':
      return { tone: 'good', words: 'Trained' };
    case 'skipped':
      return { tone: 'idle', words: 'Skipped' };
    case 'failed':
      return { tone: 'bad', words: 'Failed' };
  }
}

/** What a rollout is doing, in one sentence. */
export function rolloutSentence(rollout: RolloutView): string {
  const { champion, challenger, plan, stepIndex, status } = rollout;
  const over = champion === null ? '' : ` over ${champion}`;
  if (status === 'running') {
    const { mode, share } = plan.steps[stepIndex];
    const step = `step ${stepIndex + 1} of ${plan.steps.length}`;
    return mode === 'shadow'
      ? `${challenger} answers beside ${champion} on ${rate(share)} of devices, for nobody to see, ${step}.`
      : `${challenger} gets ${rate(share)} of the traffic, ${step}.`;
  }
  if (status === 'promoted') return `${challenger} was promoted${over}.`;
  if (status === 'rolled_back')
    return `${challenger} was rolled back; ${champion ?? 'the built-in estimate'} answers.`;
  return `The rollout of ${challenger} was cancelled.`;
}

/** What each strategy does, for whoever chooses one. */
export function strategyChoices(
  champion: string | null,
): { value: RolloutStrategy; name: string; help: string }[] {
  const all = {
    value: 'all',
    name: 'Everyone at once',
    help: champion ? `${champion} stops answering immediately.` : 'The first version for everyone.',
  } as const;
  const canary = {
    value: 'canary',
    name: 'Step by step',
    help: 'A few per cent first; it goes on while its gates hold and comes back by itself when one breaks.',
  } as const;
  const rolling = {
    value: 'rolling',
    name: 'Rolling',
    help: 'Equal shares at equal times, also with little traffic; a gate that breaks brings it back.',
  } as const;
  const blueGreen = {
    value: 'blue-green',
    name: 'Blue-green',
    help: 'A preview that must hold, then everyone at once, ready to be switched back.',
  } as const;
  if (champion === null) return [canary, rolling, blueGreen, all];
  const shadow = {
    value: 'shadow',
    name: 'In the shadow',
    help: `It answers beside ${champion}, and nobody sees what it says: compared, then promoted by you.`,
  } as const;
  return [canary, shadow, blueGreen, rolling, all];
}

const ALGORITHMS: Record<string, string> = {
  ridge: 'Ridge regression',
  'hist-gradient-boosting': 'Gradient boosting',
};

/** An algorithm's name as a person reads it: `random-forest` is a random forest. */
export const algorithmWords = (algorithm: string): string =>
  ALGORITHMS[algorithm] ?? capitalised(algorithm.replaceAll('-', ' '));

export const SOURCE_WORDS = {
  file: 'from a file',
  simulation: 'simulated',
  telemetry: 'from devices',
} as const;
