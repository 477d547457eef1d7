import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64url, toBase64url } from './base64url.ts';
import { utf8 } from './utf8.ts';

test('base64url gives back the bytes it was given', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(fromBase64url(toBase64url(bytes))).toEqual(bytes);
    }),
  );
});

test('base64url is what Node writes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(toBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
    }),
  );
});

test.each(['a', 'ab=', 'a+b/', 'ab cd', 'é'])('"%s" is not base64url', (text) => {
  expect(fromBase64url(text)).toBeNull();
});

test('UTF-8 is what TextEncoder writes, lone surrogates included', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(0xffff), { maxLength: 50 }), (units) => {
      const text = String.fromCharCode(...units);
      expect(utf8(text)).toEqual(new Uint8Array(new TextEncoder().encode(text)));
    }),
  );
  expect(utf8('\ud800x')).toEqual(new Uint8Array(new TextEncoder().encode('\ud800x')));
});
