import { expect, test } from 'vitest';
import { contactOf } from './contact.ts';

const NOW = 1_800_000_000_000;
const outbox = {
  waiting: 0,
  deadLetters: 0,
  dropped: { quota: 0, age: 0 },
  lastSentAt: null as number | null,
  lastError: null as string | null,
};
const flags = { state: 'fresh' as const, version: 1, confirmedAt: NOW - 600_000, live: false };
const lastLiveAt = null;

test('an open stream is contact, however long nothing was said on it', () => {
  expect(contactOf({ flags: { ...flags, live: true }, outbox, lastLiveAt }, NOW).state).toBe(
    'online',
  );
});

test('a silent server is offline since it last answered', () => {
  expect(contactOf({ flags, outbox, lastLiveAt }, NOW)).toEqual({
    state: 'offline',
    words: 'Offline, last contact 10\u00a0min ago',
  });
});

test('a delivery counts as contact', () => {
  const sent = { ...outbox, lastSentAt: NOW - 10_000 };
  expect(contactOf({ flags, outbox: sent, lastLiveAt }, NOW)).toEqual({
    state: 'online',
    words: 'In contact 10\u00a0s ago',
  });
});

test('a delivery that failed is not contact', () => {
  const failed = { ...outbox, lastSentAt: NOW - 10_000, lastError: 'no network' };
  expect(contactOf({ flags, outbox: failed, lastLiveAt }, NOW).state).toBe('offline');
});

test('a stream that looks open does not hide that deliveries fail', () => {
  const failed = { ...outbox, lastSentAt: NOW - 120_000, lastError: 'no network' };
  const live = { ...flags, live: true };
  expect(contactOf({ flags: live, outbox: failed, lastLiveAt: NOW }, NOW)).toEqual({
    state: 'offline',
    words: 'Offline, last contact 2\u00a0min ago',
  });
});

test('a first visit that has not been answered is said so', () => {
  const none = { ...flags, state: 'unavailable' as const, confirmedAt: null };
  expect(contactOf({ flags: none, outbox, lastLiveAt }, NOW).words).toBe('Not yet in contact');
});

test('a stream that has just closed is contact lost', () => {
  expect(contactOf({ flags, outbox, lastLiveAt: NOW - 1000 }, NOW)).toEqual({
    state: 'offline',
    words: 'Offline, last contact just now',
  });
});
