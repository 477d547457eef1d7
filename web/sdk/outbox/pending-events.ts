import type { Entry } from '../adapters.ts';
import {
  type EventBody,
  type EventGroup,
  groupKey,
  type RecentGroup,
  type Remembered,
  type WriterId,
} from './records.ts';

/** Groups stay far below a batch, which is made of whole groups. */
const MAX_GROUP_EVENTS = 250;

export type PendingEvent = {
  seq: number;
  event: EventBody;
  remembered: Remembered | null;
};

type Run = { events: PendingEvent[]; isKept: boolean };

/**
 * A contiguous run of a writer's events as groups to store, each of predictions and their shadows alone or of
 * others alone, so that quota can drop the ones without the others.
 */
export function groupsOf(
  pending: readonly PendingEvent[],
  at: { model: string; writer: WriterId; nowMs: number },
): Entry[] {
  const entries: Entry[] = [];
  for (const { events, isKept } of runs(pending)) {
    const from = events[0].seq;
    const group: EventGroup = {
      to: events[events.length - 1].seq,
      lines: events.map(({ seq, event }) => `${JSON.stringify({ ...event, seq })}\n`).join(''),
      committedAt: at.nowMs,
      isKept,
    };
    const key = groupKey(at.model, at.writer, from);
    entries.push({ store: 'events', key, value: group });
    if (isKept) continue;
    const recent: RecentGroup = { items: events.map(({ remembered }) => remembered) };
    entries.push({ store: 'recent', key, value: recent });
  }
  return entries;
}

function runs(pending: readonly PendingEvent[]): Run[] {
  const found: Run[] = [];
  for (const item of pending) {
    const { type } = item.event;
    const isKept = type !== 'prediction' && type !== 'shadow';
    const last = found[found.length - 1];
    if (last && last.isKept === isKept && last.events.length < MAX_GROUP_EVENTS)
      last.events.push(item);
    else found.push({ events: [item], isKept });
  }
  return found;
}
