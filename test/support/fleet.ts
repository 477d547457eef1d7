import type { SimulatedRow } from '../../shared/simulate/simulate-rows.ts';
import type { UseCase } from '../../shared/use-case/define-use-case.ts';
import type { Prediction } from '../../web/sdk/main.ts';
import {
  createDevice,
  type Device,
  type DeviceOptions,
  disposeDevice,
  useDevice,
} from './device.ts';

export type Fleet = {
  devices: readonly Device[];
  /** Deals the rows out evenly, predicts, records outcomes, sends. */
  use(rows: readonly SimulatedRow[]): Promise<FleetReport>;
  dispose(): Promise<void>;
};

export type FleetReport = {
  predictions: number;
  /** Answers by version; '' for the fallback. */
  byVersion: Record<string, number>;
  waiting: number;
};

const AT_ONCE = 25;

/** Devices with fixed targeting keys, so that each step of a canary holds the same of them. */
export async function createFleet(options: {
  server: DeviceOptions['server'];
  useCase: UseCase;
  size: number;
}): Promise<Fleet> {
  const devices = Array.from({ length: options.size }, (_, i) =>
    createDevice({ ...options, targetingKey: `device-${i}` }),
  );
  await inTurn(devices, ({ client }) => client.ready);
  return {
    devices,
    use: (rows) => useFleet(devices, rows),
    dispose: () => inTurn(devices, disposeDevice),
  };
}

async function useFleet(
  devices: readonly Device[],
  rows: readonly SimulatedRow[],
): Promise<FleetReport> {
  const predictions: Prediction[] = [];
  let waiting = 0;
  const share = Math.ceil(rows.length / devices.length);
  await inTurn(devices, async (device, i) => {
    const own = rows.slice(i * share, (i + 1) * share);
    predictions.push(...(await useDevice(device, own, { withOutcomes: true })));
    waiting += (await device.client.flush()).waiting;
  });
  const byVersion: Record<string, number> = {};
  for (const { version } of predictions)
    byVersion[version ?? ''] = (byVersion[version ?? ''] ?? 0) + 1;
  return { predictions: predictions.length, byVersion, waiting };
}

/** A few at a time: 300 devices on one machine would otherwise only wait for each other. */
async function inTurn(
  devices: readonly Device[],
  act: (device: Device, index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lanes = Array.from({ length: AT_ONCE }, async () => {
    while (next < devices.length) {
      const index = next++;
      await act(devices[index], index);
    }
  });
  await Promise.all(lanes);
}
