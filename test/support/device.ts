import type { SimulatedRow } from '../../shared/simulate/simulate-rows.ts';
import { clientUseCase, type UseCase } from '../../shared/use-case/define-use-case.ts';
import type { Adapters } from '../../web/sdk/adapters.ts';
import { spawnInProcessSession } from '../../web/sdk/inference/in-process-session.ts';
import { type Client, createClient, type Prediction } from '../../web/sdk/main.ts';
import { memoryStorage } from '../../web/sdk/storage/memory.ts';
import type { Server } from './server.ts';

export type DeviceOptions = {
  server: Pick<Server, 'endpoint' | 'publishableKey' | 'trustedKeys'>;
  useCase: UseCase;
  targetingKey: string;
  adapters?: Partial<Adapters>;
};

/** A browser's place in Node: the SDK's own code on a storage, a model runner and locks of the test's. */
export type Device = { targetingKey: string; client: Client };

export function createDevice(options: DeviceOptions): Device {
  const { server, useCase, targetingKey } = options;
  const client = createClient({
    endpoint: server.endpoint,
    publishableKey: server.publishableKey,
    useCase: clientUseCase(useCase),
    trustedKeys: server.trustedKeys,
    context: { targetingKey },
    adapters: deviceAdapters(options.adapters),
  }) as Client;
  return { targetingKey, client };
}

export function deviceAdapters(own: Partial<Adapters> = {}): Partial<Adapters> {
  const storage = memoryStorage();
  return {
    storage: async () => storage,
    inference: spawnInProcessSession,
    locks: queueLocks(),
    localStorage: null,
    ...own,
  };
}

function queueLocks(): Adapters['locks'] {
  const last = new Map<string, Promise<unknown>>();
  return {
    withLock(name, _timeoutMs, work) {
      const run = (last.get(name) ?? Promise.resolve()).then(work);
      last.set(
        name,
        run.catch(() => undefined),
      );
      return run;
    },
  };
}

/** Predicts each row and, where asked, records what really happened. */
export async function useDevice(
  { client }: Device,
  rows: readonly SimulatedRow[],
  options: { withOutcomes?: boolean } = {},
): Promise<Prediction[]> {
  const predictions: Prediction[] = [];
  for (const { row, value } of rows) {
    const prediction = await client.predict(row);
    predictions.push(prediction);
    if (options.withOutcomes && prediction.id) await client.recordOutcome(prediction.id, value);
  }
  return predictions;
}

export const disposeDevice = ({ client }: Device): Promise<void> => client[Symbol.asyncDispose]();
