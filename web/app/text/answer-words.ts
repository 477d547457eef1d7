import type { FallbackReason } from '../../../shared/contracts/telemetry.ts';

/** Ends the sentence "The built-in estimate answered because …". */
export const FALLBACK_CLAUSES: Record<FallbackReason, string> = {
  model_loading: 'the model is still being fetched and checked',
  deadline: 'the model took longer than it is allowed to',
  integrity: 'the model that was delivered did not pass its checks',
  runtime: 'the model stopped with an error',
  killed: 'the model has been switched off by its operators',
  not_assigned: 'no model is assigned to this device',
};

/** What the reader may expect next; nothing when there is nothing to expect. */
export const FALLBACK_OUTLOOK: Record<FallbackReason, string> = {
  model_loading: 'Ask again in a moment for the model’s answer.',
  deadline: 'The next answer may come from the model again.',
  integrity: 'It is never used; an intact copy is fetched as soon as there is one.',
  runtime: 'It is being started again.',
  killed: 'It comes back by itself when they switch it on.',
  not_assigned: 'That changes when a rollout reaches this device.',
};

const TENTHS = ['', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'];

/** How often outcomes fall inside an interval of this level, in (0, 1). */
export function levelWords(level: number): string {
  const tenths = Number((level * 10).toFixed(6));
  if (Number.isInteger(tenths) && TENTHS[tenths]) return `${TENTHS[tenths]} times out of ten`;
  return `${Number((level * 100).toFixed(1))} times out of a hundred`;
}

export const fallbackSentence = (reason: FallbackReason): string =>
  `The built-in estimate answered because ${FALLBACK_CLAUSES[reason]}.`;
