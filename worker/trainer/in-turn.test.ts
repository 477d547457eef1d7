import { beforeAll, expect, test } from 'vitest';
import { releaseLease, takeLease } from '../store/leases.ts';
import { createWorkspace, testEnv } from '../test-support/workspace.ts';
import { inTurn, type Turn } from './in-turn.ts';

beforeAll(async () => {
  await createWorkspace();
});

/** Runs steps at once and notes their names; a sleep lets `whileAsleep` happen. */
function turnOf(holder: string, whileAsleep: () => Promise<unknown> = async () => undefined) {
  const names: string[] = [];
  const step = {
    do: (name: string, work: () => Promise<unknown>) => {
      names.push(name);
      return work();
    },
    sleep: async (name: string) => {
      names.push(name);
      await whileAsleep();
    },
  };
  return { turn: { step, db: testEnv.DB, holder } as unknown as Turn, names };
}

test('a step that is in turn runs once and holds the lease', async () => {
  const { turn, names } = turnOf('one');
  expect(await inTurn(turn, 'work', async () => ({ rows: 3 }))).toEqual({ rows: 3 });
  expect(names).toEqual(['work']);
  expect(await takeLease(testEnv.DB, 'other', Date.now())).toBe(false);
  await releaseLease(testEnv.DB, 'one');
});

test('while another run holds the lease the step sleeps and does nothing', async () => {
  await takeLease(testEnv.DB, 'one', Date.now());
  let worked = 0;
  let slept = 0;
  const { turn, names } = turnOf('other', async () => {
    expect(worked).toBe(0);
    if (++slept === 2) await releaseLease(testEnv.DB, 'one');
  });
  await inTurn(turn, 'work', async () => {
    worked++;
  });
  expect([worked, slept]).toEqual([1, 2]);
  expect(names.filter((name) => name === 'work')).toHaveLength(3);
  await releaseLease(testEnv.DB, 'other');
});

test('what a step gives back may be nothing or null', async () => {
  const { turn } = turnOf('one');
  expect(await inTurn(turn, 'nothing', async () => undefined)).toBeUndefined();
  expect(await inTurn(turn, 'null', async () => null)).toBeNull();
  await releaseLease(testEnv.DB, 'one');
});
