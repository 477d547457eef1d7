import { murmur3 } from '../../shared/core/murmur3.ts';
import { utf8 } from '../../shared/core/utf8.ts';
import type { Platform } from '../env.ts';
import type { ModelTelemetry } from '../telemetry/model-telemetry.ts';

/** Objects per model; one carries about 1,000 batches a second. */
export const SHARD_COUNT: number = 1;

/**
 * Stops a deployment with more objects a model than the rest of the Worker knows of: the cron's tick,
 * `countLabels`, the drift profiles and judging ask the first object and take its answer for all.
 */
export function checkShardCount(count: number): void {
  if (count !== 1)
    throw new Error(
      `${count} telemetry objects per model: what they say must be merged before it is judged, counted or published, and nothing does that yet`,
    );
}

checkShardCount(SHARD_COUNT);

/** The object that keeps a device's ledger, by name workspace/model/shard; without a device, the model's only one. */
export function telemetryObject(
  env: Platform,
  where: { workspace: string; model: string; device?: string },
): DurableObjectStub<ModelTelemetry> {
  const shard = where.device === undefined ? 0 : murmur3(utf8(where.device)) % SHARD_COUNT;
  return env.TELEMETRY.getByName(`${where.workspace}/${where.model}/${shard}`);
}
