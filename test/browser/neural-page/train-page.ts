import type { TrainedInTab } from './train-worker.ts';

export type TrainPageGlobals = { train(rows: number): Promise<TrainedInTab> };

/** Asks a worker, which it starts. */
const globals: TrainPageGlobals = {
  train: (rows) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./train-worker.ts', import.meta.url), { type: 'module' });
      worker.onmessage = ({ data }: MessageEvent<TrainedInTab | { problem: string }>) =>
        'problem' in data ? reject(new Error(data.problem)) : resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(rows);
    }),
};
Object.assign(globalThis, { neural: globals });
