import { murmur3 } from '../../shared/core/murmur3.ts';
import { utf8 } from '../../shared/core/utf8.ts';
import type { Platform } from '../env.ts';
import type { ModelTelemetry } from '../telemetry/model-telemetry.ts';

/**
 * Objects per model. One carries about 1,000 batches a second; with more, the objects' summaries
 * must be merged before they are judged.
 */
const SHARD_COUNT = 1;

/** The object that keeps a device's ledger, by name workspace/model/shard. */
export function telemetryObject(
  env: Platform,
  where: { workspace: string; model: string; device?: string },
): DurableObjectStub<ModelTelemetry> {
  const shard = where.device === undefined ? 0 : murmur3(utf8(where.device)) % SHARD_COUNT;
  return env.TELEMETRY.getByName(`${where.workspace}/${where.model}/${shard}`);
}
