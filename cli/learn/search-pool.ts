import { Worker } from 'node:worker_threads';
import { messageOf } from '../failure.ts';
import type { ThreadAnswer, ThreadData, ThreadJob } from './search-thread.ts';

/** Threads that evaluate and fit candidates, one at a time each. */
export type SearchPool = {
  threads: number;
  /** Runs a job on a thread; at most `threads` at once. */
  run(job: ThreadJob): Promise<ThreadAnswer>;
  close(): Promise<void>;
};

/** What a thread gets beyond its deadline to come to an end by itself. */
const GRACE_MS = 400;
const THREAD_DIED = 'The thread stopped';

/**
 * Starts the threads, each with a copy of the data. A thread that is still at work after its job's
 * deadline is ended and replaced: its job has no result, which is no failure.
 */
export function startSearchPool(data: ThreadData, threads: number): SearchPool {
  const start = () =>
    new Worker(new URL('./search-thread.ts', import.meta.url), { workerData: data });
  const idle = Array.from({ length: threads }, start);
  const all = new Set(idle);
  return {
    threads,
    async run(job) {
      const worker = idle.pop();
      if (worker === undefined) throw new Error('Broken invariant: every thread is at work');
      const { answer, isAlive } = await ask(worker, job);
      if (isAlive) idle.push(worker);
      else {
        all.delete(worker);
        const next = start();
        all.add(next);
        idle.push(next);
      }
      return answer;
    },
    close: async () => {
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
  };
}

type Asked = { answer: ThreadAnswer; isAlive: boolean };

function ask(worker: Worker, job: ThreadJob): Promise<Asked> {
  return new Promise((resolve) => {
    let isLate = false;
    const died = (why: string) => {
      const failure = isLate ? null : `${THREAD_DIED}: ${why}`;
      settle({ answer: { result: null, seconds: 0, failure }, isAlive: false });
    };
    const onMessage = (answer: ThreadAnswer) => settle({ answer, isAlive: true });
    const onError = (error: unknown) => died(messageOf(error));
    const onExit = (code: number) => died(`exit code ${code}`);
    const timer = Number.isFinite(job.deadlineMs)
      ? setTimeout(
          () => {
            isLate = true;
            worker.terminate();
          },
          Math.max(0, job.deadlineMs - Date.now()) + GRACE_MS,
        )
      : null;
    const settle = (asked: Asked) => {
      if (timer !== null) clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      resolve(asked);
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(job);
  });
}
