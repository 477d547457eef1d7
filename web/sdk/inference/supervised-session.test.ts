import { afterEach, expect, test, vi } from 'vitest';
import type { InferenceSession, SpawnSession } from '../adapters.ts';
import { superviseSession } from './supervised-session.ts';

type Spawned = { crash: (error: Error) => void; answers: boolean; terminated: boolean };

/** Sessions that answer 1 for each row, or hang, and crash on demand. */
function spawner() {
  const spawned: Spawned[] = [];
  let failNext = false;
  const spawn: SpawnSession = async ({ onCrash }) => {
    if (failNext) throw new Error('cannot start');
    const mine: Spawned = { crash: onCrash, answers: true, terminated: false };
    spawned.push(mine);
    const session: InferenceSession = {
      run: async (rows) => {
        if (!mine.answers) await new Promise(() => undefined);
        return Float32Array.from(rows, () => 1);
      },
      terminate: () => {
        mine.terminated = true;
      },
    };
    return session;
  };
  return {
    spawned,
    spawn,
    failStarts: (fails: boolean) => {
      failNext = fails;
    },
  };
}

const supervise = (spawn: SpawnSession, onFailure: (detail: string) => void = () => undefined) =>
  superviseSession({
    spawn,
    model: Promise.resolve(new Uint8Array()),
    inputs: [],
    onFailure,
    onState: () => undefined,
  });

afterEach(() => {
  vi.useRealTimers();
});

test('a run that takes longer than its deadline ends with the deadline, and the session lives on', async () => {
  const { spawn, spawned } = spawner();
  const session = await supervise(spawn);
  spawned[0].answers = false;
  expect(await session.run([{}], { deadlineMs: 5 })).toEqual({
    ok: false,
    error: { reason: 'deadline' },
  });
  spawned[0].answers = true;
  expect(await session.run([{}], { deadlineMs: 5 })).toMatchObject({ ok: true });
  expect(spawned).toHaveLength(1);
});

test('a worker that hangs is ended and started again', async () => {
  vi.useFakeTimers();
  const { spawn, spawned } = spawner();
  const failures: string[] = [];
  const session = await supervise(spawn, (detail) => failures.push(detail));
  spawned[0].answers = false;
  const run = session.run([{}], { deadlineMs: 5 });
  await vi.advanceTimersByTimeAsync(5);
  expect(await run).toMatchObject({ error: { reason: 'deadline' } });
  await vi.advanceTimersByTimeAsync(3_000);
  expect(spawned[0].terminated).toBe(true);
  expect(session.isLive()).toBe(false);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(session.isLive()).toBe(true);
  expect(failures).toEqual(['no answer for 3000 ms']);
});

test('after a crash runs fail at once until another worker is up, and starts are spaced out', async () => {
  vi.useFakeTimers();
  const { spawn, spawned, failStarts } = spawner();
  const failures: string[] = [];
  const session = await supervise(spawn, (detail) => failures.push(detail));
  failStarts(true);
  spawned[0].crash(new Error('out of memory'));
  expect(await session.run([{}], { deadlineMs: 1000 })).toMatchObject({
    error: { reason: 'runtime' },
  });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(failures.length).toBeLessThan(8);
  failStarts(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await session.run([{}], { deadlineMs: 1000 })).toMatchObject({ ok: true });
  expect(failures[0]).toBe('out of memory');
});

test('an aborted call rejects with the signal’s reason', async () => {
  const { spawn, spawned } = spawner();
  const session = await supervise(spawn);
  spawned[0].answers = false;
  const controller = new AbortController();
  const run = session.run([{}], { deadlineMs: 1000, signal: controller.signal });
  controller.abort(new Error('the user left'));
  await expect(run).rejects.toThrow('the user left');
});

test('a session that cannot start the first time is an error of whoever starts it', async () => {
  const { spawn, failStarts } = spawner();
  failStarts(true);
  await expect(supervise(spawn)).rejects.toThrow('cannot start');
});

test('once ended it is not started again', async () => {
  vi.useFakeTimers();
  const { spawn, spawned } = spawner();
  const session = await supervise(spawn);
  session.terminate();
  spawned[0].crash(new Error('late'));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(spawned).toHaveLength(1);
});
