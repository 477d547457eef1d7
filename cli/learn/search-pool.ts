import { Worker } from 'node:worker_threads';
import { messageOf } from '../failure.ts';
import type { MemoryWatch } from './memory-watch.ts';
import type { ThreadAnswer, ThreadData, ThreadJob } from './search-thread.ts';

/** `isTooLarge`: the job was ended because it took more memory than there is to take. */
export type PoolAnswer = ThreadAnswer & { isTooLarge: boolean };

/** Threads that evaluate and fit candidates, one at a time each. */
export type SearchPool = {
  /** Runs a job on a thread; at most as many at once as there are threads. */
  run(job: ThreadJob): Promise<PoolAnswer>;
  /** Ends all threads but one; none may be at work. */
  keepOne(): Promise<void>;
  close(): Promise<void>;
};

export type PoolOptions = {
  threads: number;
  /** Ends jobs that take too much memory; null: none does. */
  watch: MemoryWatch | null;
  /** Once true, candidates are no longer waited for. */
  isInterrupted: () => boolean;
};

/** What a thread gets beyond its deadline to come to an end by itself. */
const GRACE_MS = 400;
const LISTEN_EVERY_MS = 100;
const THREAD_DIED = 'The thread stopped';
const MB = 2 ** 20;

/** V8 would take 48 MB for what dies young, of whatever it may have in all. */
const limitsOf = ({ mostBytes }: MemoryWatch) => ({
  maxYoungGenerationSizeMb: 4,
  maxOldGenerationSizeMb: mostBytes / MB,
});

/**
 * Starts the threads, each with a copy of the data. A thread that is still at work after its job's
 * deadline is ended and replaced: its job has no result, which is no failure.
 */
export function startSearchPool(data: ThreadData, options: PoolOptions): SearchPool {
  const { threads, watch } = options;
  const start = () => {
    const worker = new Worker(new URL('./search-thread.ts', import.meta.url), {
      workerData: data,
      ...(watch && { resourceLimits: limitsOf(watch) }),
    });
    watch?.add(worker);
    return worker;
  };
  const idle = Array.from({ length: threads }, start);
  const all = new Set(idle);
  const end = async (worker: Worker) => {
    all.delete(worker);
    await worker.terminate();
  };
  return {
    async run(job) {
      const worker = idle.pop();
      if (worker === undefined) throw new Error('Broken invariant: every thread is at work');
      const { answer, isAlive } = await ask(worker, job, options);
      if (!isAlive) await end(worker);
      const next = isAlive ? worker : start();
      all.add(next);
      idle.push(next);
      return answer;
    },
    keepOne: async () => {
      await Promise.all(idle.splice(1).map(end));
    },
    close: async () => {
      await Promise.all([...all].map(end));
    },
  };
}

type Asked = { answer: PoolAnswer; isAlive: boolean };

const OUT_OF_MEMORY = 'ERR_WORKER_OUT_OF_MEMORY';

function ask(
  worker: Worker,
  job: ThreadJob,
  { watch, isInterrupted }: PoolOptions,
): Promise<Asked> {
  return new Promise((resolve) => {
    let wasEnded = false;
    let isTooLarge = false;
    const died = (why: string) => {
      const failure = wasEnded || isTooLarge ? null : `${THREAD_DIED}: ${why}`;
      settle({ answer: { result: null, seconds: 0, failure, isTooLarge }, isAlive: false });
    };
    const onMessage = (answer: ThreadAnswer) =>
      settle({ answer: { ...answer, isTooLarge }, isAlive: !isTooLarge });
    const onError = (error: unknown) => {
      isTooLarge ||= error instanceof Error && 'code' in error && error.code === OUT_OF_MEMORY;
      died(messageOf(error));
    };
    const onExit = (code: number) => died(`exit code ${code}`);
    const endIt = () => {
      wasEnded = true;
      worker.terminate();
    };
    const leftMs = Math.max(0, job.deadlineMs - Date.now()) + GRACE_MS;
    const timer = Number.isFinite(leftMs) ? setTimeout(endIt, leftMs) : null;
    const listener = setInterval(() => {
      if (job.kind === 'evaluate' && isInterrupted()) endIt();
    }, LISTEN_EVERY_MS);
    watch?.setAtWork(worker, () => {
      isTooLarge = true;
      endIt();
    });
    const settle = (asked: Asked) => {
      if (timer !== null) clearTimeout(timer);
      clearInterval(listener);
      watch?.setAtWork(worker, null);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      resolve(asked);
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(job);
  });
}
