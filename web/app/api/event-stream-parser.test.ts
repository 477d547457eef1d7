import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventStreamParser, type StreamPart } from './event-stream-parser.ts';

function parse(pieces: readonly string[]): StreamPart[] {
  const parts: StreamPart[] = [];
  const parser = createEventStreamParser((part) => parts.push(part));
  for (const piece of pieces) parser.push(piece);
  return parts;
}

const STREAM = [
  'retry: 2500\n\n',
  ': alive\n\n',
  'event: message\ndata: {"type":"summary"}\n\n',
  'data: first\ndata: second\n\n',
  'data:bare\r\n\r\n',
  'id: 7\nretry: soon\n\n',
  'data: unfinished',
].join('');
const EXPECTED = [
  { retryMs: 2500 },
  { data: '{"type":"summary"}' },
  { data: 'first\nsecond' },
  { data: 'bare' },
];

test('events come with their data, comments and unfinished ones not at all', () => {
  expect(parse([STREAM])).toEqual(EXPECTED);
});

test('where the network cuts the text does not matter', () => {
  const cuts = fc.array(fc.integer({ min: 0, max: STREAM.length }), { maxLength: 12 });
  fc.assert(
    fc.property(cuts, (places) => {
      const bounds = [0, ...places.sort((a, b) => a - b), STREAM.length];
      const pieces = bounds.slice(1).map((end, i) => STREAM.slice(bounds[i], end));
      expect(parse(pieces)).toEqual(EXPECTED);
    }),
  );
});
