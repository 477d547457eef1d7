import { createRng, normal } from '../../shared/core/rng.ts';
import { outcome, prediction, sendEvents } from './batch.ts';
import { trustedPublisher } from './publisher.ts';
import { publish } from './version.ts';
import type { TestWorkspace } from './workspace.ts';
import { createWorkspace } from './workspace.ts';

const MODEL = '/v1/models/parcel-time';

/** A workspace with 1.0.0 as champion and 1.1.0 published. */
export async function servingWorkspace(): Promise<TestWorkspace> {
  const workspace = await createWorkspace();
  const publisher = await trustedPublisher(workspace);
  await publish(workspace, publisher, { version: '1.0.0' });
  await publish(workspace, publisher, { version: '1.1.0' });
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
