import type { Client } from '../../../web/sdk/main.ts';

/** Milliseconds a call, one call after the other. */
export type Overhead = { bareMs: number; predictMs: number; calls: number };

const ROW = { distance: 4, weather: 'rain' };

/** The mean time of a call over blocks of `calls`: bare worker round trips and the client's `predict`. */
export async function measureOverhead(
  client: Client,
  model: Uint8Array,
  { calls, blocks }: { calls: number; blocks: number },
): Promise<Overhead[]> {
  const bare = await startBare(model);
  const found: Overhead[] = [];
  for (let block = 0; block < blocks; block++) {
    const bareMs = await timeCalls(calls, bare);
    const predictMs = await timeCalls(calls, () => client.predict(ROW));
    found.push({ bareMs, predictMs, calls });
  }
  return found;
}

async function timeCalls(calls: number, call: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  for (let i = 0; i < calls; i++) await call();
  return (performance.now() - startedMs) / calls;
}

/** The same round trip as the client's, without anything around it. */
async function startBare(model: Uint8Array): Promise<() => Promise<number>> {
  const worker = new Worker(new URL('./bare-worker.ts', import.meta.url), { type: 'module' });
  const waiting = new Map<number, (value: number) => void>();
  worker.onmessage = ({ data }: MessageEvent<{ id: number; value: number }>) => {
    waiting.get(data.id)?.(data.value);
    waiting.delete(data.id);
  };
  let lastId = 0;
  const ask = (message: object) =>
    new Promise<number>((resolve) => {
      waiting.set(lastId, resolve);
      worker.postMessage({ id: lastId++, ...message });
    });
  await ask({ model });
  return () => ask(ROW);
}
