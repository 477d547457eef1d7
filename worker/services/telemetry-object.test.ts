import { expect, test } from 'vitest';
import { checkShardCount, SHARD_COUNT } from './telemetry-object.ts';

test('a Worker does not start with more objects a model than are asked, and says what is missing', () => {
  expect(() => checkShardCount(SHARD_COUNT)).not.toThrow();
  expect(() => checkShardCount(4)).toThrow('4 telemetry objects per model');
});
