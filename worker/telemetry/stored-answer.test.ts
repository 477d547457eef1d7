import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeAnswer, encodeAnswer } from './stored-answer.ts';

test('an answer comes back as it was given', () => {
  const rejected = fc
    .uniqueArray(
      fc.record({ seq: fc.integer({ min: 1, max: 60 }), reason: fc.constantFrom('a', 'b') }),
      {
        selector: ({ seq }) => seq,
      },
    )
    .map((events) => events.sort((a, b) => a.seq - b.seq));
  fc.assert(
    fc.property(
      fc.constantFrom('appended', 'overlap'),
      fc.nat(),
      rejected,
      (status, accepted, list) => {
        const answer = { status, accepted, rejected: list } as const;
        expect(decodeAnswer(encodeAnswer({ ...answer, rejected: list }))).toEqual(answer);
      },
    ),
  );
});

test('a thousand neighbours refused for one reason take no more room than one', () => {
  const rejected = Array.from({ length: 1000 }, (_, i) => ({ seq: i + 1, reason: 'malformed' }));
  expect(encodeAnswer({ status: 'appended', accepted: 0, rejected }).length).toBeLessThan(120);
});

test('an answer kept before there were runs is read too', () => {
  const answer = { status: 'appended', accepted: 1, rejected: [{ seq: 2, reason: 'malformed' }] };
  expect(decodeAnswer(JSON.stringify(answer))).toEqual(answer);
});
