import type { Declaration } from '../../shared/contracts/declaration.ts';
import type { ShadowEvent, TelemetryEvent } from '../../shared/contracts/telemetry.ts';
import { createRng, normal } from '../../shared/core/rng.ts';
import { outcome, prediction, sendEvents } from './batch.ts';
import { trustedPublisher } from './publisher.ts';
import { publish } from './version.ts';
import type { TestWorkspace } from './workspace.ts';
import { createWorkspace } from './workspace.ts';

const MODEL = '/v1/models/parcel-time';

/** A workspace with 1.0.0 as champion and 1.1.0 published. */
export async function servingWorkspace(
  declaration: Partial<Declaration> = {},
): Promise<TestWorkspace> {
  const workspace = await createWorkspace();
  const publisher = await trustedPublisher(workspace);
  await publish(workspace, publisher, { version: '1.0.0', declaration });
  await publish(workspace, publisher, { version: '1.1.0', declaration });
  await rollOut(workspace, '1.0.0', 'all');
  return workspace;
}

export const rollOut = (workspace: TestWorkspace, version: string, strategy: string) =>
  workspace.call('POST', `${MODEL}/rollouts`, { version, strategy });

let device = 0;

/** `n` labelled predictions of a version; `error` is what outcomes differ by. */
export async function traffic(
  workspace: TestWorkspace,
  of: { version: string; n: number; meanDistance?: number; error?: number; failing?: boolean },
): Promise<void> {
  const rng = createRng(++device);
  const name = `device-${device}`;
  const events = [];
  for (let i = 0; i < of.n; i++) {
    const weather = rng() < 0.7 ? 'dry' : 'rain';
    const features = { distance: (of.meanDistance ?? 10) + 2 * normal(rng), weather };
    const failing = { source: 'fallback', reason: 'runtime', version: null } as const;
    const answered = of.failing ? failing : { version: of.version };
    events.push(prediction(2 * i + 1, { assigned: of.version, features, ...answered }));
    const told = { value: 30 + (of.error ?? 2) * (rng() < 0.5 ? -1 : 1), predicted: 30 };
    const source = of.failing ? 'fallback' : 'model';
    events.push(
      outcome(2 * i + 2, {
        prediction: `${name}.writer01:${2 * i + 1}`,
        assigned: of.version,
        version: of.failing ? null : of.version,
        source,
        ...told,
      }),
    );
  }
  await sendEvents(workspace, events, { device: name });
}

/** A shadow's answer to a prediction, as the SDK tells it. */
export const shadow = (seq: number, of: Partial<ShadowEvent>): ShadowEvent => ({
  type: 'shadow',
  seq,
  at: Date.now(),
  prediction: 'device01.writer01:1',
  version: '1.1.0',
  champion: 30,
  value: 30,
  latencyMs: 2,
  backend: 'wasm',
  ...of,
});

/** `n` labelled predictions of 1.0.0, each with what 1.1.0 answered beside it. */
export async function shadowedTraffic(
  workspace: TestWorkspace,
  of: { n: number; error?: number; shadowError?: number; difference?: number; failing?: boolean },
): Promise<void> {
  const rng = createRng(++device);
  const name = `device-${device}`;
  const events: TelemetryEvent[] = [];
  for (let i = 0; i < of.n; i++) {
    const id = `${name}.writer01:${3 * i + 1}`;
    const sign = rng() < 0.5 ? -1 : 1;
    const value = 30 + (of.difference ?? 0) * sign;
    const answered = of.failing ? { value: undefined, reason: 'runtime' as const } : { value };
    events.push(prediction(3 * i + 1), shadow(3 * i + 2, { prediction: id, ...answered }));
    const told = 30 + (of.error ?? 2) * sign;
    const predicted = told - (of.shadowError ?? of.error ?? 2) * sign;
    const beside = of.failing ? {} : { shadow: { version: '1.1.0', predicted } };
    events.push(outcome(3 * i + 3, { prediction: id, value: told, predicted: 30, ...beside }));
  }
  await sendEvents(workspace, events, { device: name });
}
