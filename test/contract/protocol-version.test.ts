import { expect, test } from 'vitest';
import {
  batchAck,
  batchHeader,
  PROTOCOL_VERSION,
  telemetryEvent,
} from '../../shared/contracts/telemetry.ts';
import { toHex } from '../../shared/core/base64url.ts';

/**
 * What travels, by protocol version. Devices keep sealed batches for weeks: a change of shape needs
 * a version of its own, and the server must go on reading the old one.
 */
const SHAPES: Record<number, string> = {
  // 1: predictions, outcomes, exposures and incidents; a header with what was dropped.
  1: '3b7c0caa69717247',
  // 2: what a challenger answers in the shadow, groups and shadows of outcomes, backends, failed downloads.
  2: '8f715d5bc92a94a8',
};

/** A schema as text: its structure and bounds, without functions. */
function shapeOf(schema: unknown): unknown {
  if (schema instanceof RegExp) return String(schema);
  if (Array.isArray(schema)) return schema.map(shapeOf);
  if (typeof schema !== 'object' || schema === null)
    return typeof schema === 'function' ? undefined : schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([name]) => !name.startsWith('~'))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, shapeOf(value)]),
  );
}

test('what travels is what this protocol version says, or the version is another', async () => {
  const text = JSON.stringify([telemetryEvent, batchHeader, batchAck].map(shapeOf));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  expect(toHex(new Uint8Array(digest)).slice(0, 16)).toBe(SHAPES[PROTOCOL_VERSION]);
});
