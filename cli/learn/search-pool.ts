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

/** Starts the threads, each with a copy of the data. */
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
      const answer = await ask(worker, job);
      if (answer.failure === null || !answer.failure.startsWith(THREAD_DIED)) idle.push(worker);
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

const THREAD_DIED = 'The thread stopped';

function ask(worker: Worker, job: ThreadJob): Promise<ThreadAnswer> {
  return new Promise((resolve) => {
    const died = (why: string) =>
      settle({ result: null, seconds: 0, failure: `${THREAD_DIED}: ${why}` });
    const onError = (error: unknown) => died(messageOf(error));
    const onExit = (code: number) => died(`exit code ${code}`);
    const settle = (answer: ThreadAnswer) => {
      worker.off('message', settle).off('error', onError).off('exit', onExit);
      resolve(answer);
    };
    worker.on('message', settle).on('error', onError).on('exit', onExit);
    worker.postMessage(job);
  });
}
