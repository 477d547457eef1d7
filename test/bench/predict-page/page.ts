import { delayPrediction } from '../../../models/delay-prediction/use-case.ts';
import type { Row } from '../../../shared/contracts/manifest.ts';
import { simulateRows } from '../../../shared/simulate/simulate-rows.ts';
import { clientUseCase } from '../../../shared/use-case/define-use-case.ts';
import { type Client, createClient } from '../../../web/sdk/main.ts';

export type Timings = {
  isIsolated: boolean;
  /** Mean milliseconds a call, of blocks of calls in turn. */
  blocks: { bareMs: number; predictMs: number }[];
  /** Milliseconds of single calls in turn. */
  singles: { bareMs: number[]; predictMs: number[] };
};

type Call = (row: Row) => Promise<unknown>;

const rows = simulateRows(delayPrediction.id, { rows: 1000, seed: 1 }).map(({ row }) => row);

/** Runs both sides in turn in this page; every prediction is recorded and sent, as in an app. */
async function measure(options: {
  publishableKey: string;
  publisherKey: string;
  modelSha256: string;
  blocks: number;
  calls: number;
}): Promise<Timings> {
  const client = createClient({
    endpoint: location.origin,
    publishableKey: options.publishableKey,
    useCase: clientUseCase(delayPrediction),
    trustedKeys: { publisher: [options.publisherKey] },
    context: { targetingKey: 'bench' },
  }) as Client;
  await client.ready;
  if (client.status.model.state !== 'ready') throw new Error(JSON.stringify(client.status));
  const predict: Call = (row) => client.predict(row);
  const bare = await startBare(options);
  await block(bare, options.calls);
  await block(predict, options.calls);
  const blocks: Timings['blocks'] = [];
  for (let i = 0; i < options.blocks; i++)
    blocks.push({
      bareMs: await block(bare, options.calls),
      predictMs: await block(predict, options.calls),
    });
  const singles: Timings['singles'] = { bareMs: [], predictMs: [] };
  for (let i = 0; i < options.blocks; i++) {
    singles.bareMs.push(...(await each(bare, options.calls)));
    singles.predictMs.push(...(await each(predict, options.calls)));
  }
  return { isIsolated: crossOriginIsolated, blocks, singles };
}

async function block(call: Call, calls: number): Promise<number> {
  const startedMs = performance.now();
  for (let i = 0; i < calls; i++) await call(rows[i % rows.length]);
  return (performance.now() - startedMs) / calls;
}

async function each(call: Call, calls: number): Promise<number[]> {
  const tookMs: number[] = [];
  for (let i = 0; i < calls; i++) {
    const startedMs = performance.now();
    await call(rows[i % rows.length]);
    tookMs.push(performance.now() - startedMs);
  }
  return tookMs;
}

/** A worker of the same kind as the client's, with nothing around `session.run`. */
async function startBare(from: { modelSha256: string; publishableKey: string }): Promise<Call> {
  const response = await fetch(`/v1/artifacts/${from.modelSha256}`, {
    headers: { authorization: `Bearer ${from.publishableKey}` },
  });
  const model = new Uint8Array(await response.arrayBuffer());
  const worker = new Worker(new URL('./bare-worker.ts', import.meta.url), { type: 'module' });
  const waiting = new Map<number, (value: number) => void>();
  worker.onmessage = ({ data }: MessageEvent<{ id: number; value: number }>) => {
    waiting.get(data.id)?.(data.value);
    waiting.delete(data.id);
  };
  let lastId = 0;
  const ask = (message: object) =>
    new Promise<number>((resolve) => {
      waiting.set(++lastId, resolve);
      worker.postMessage({ id: lastId, ...message });
    });
  await ask({ model, inputs: delayPrediction.inputs });
  return (row) => ask({ row });
}

const bench = { measure };
export type PredictBench = typeof bench;
Object.assign(globalThis, { bench });
