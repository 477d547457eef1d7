import type { Declaration } from '../../../shared/contracts/declaration.ts';
import { createRng, normal } from '../../../shared/core/rng.ts';
import { datasetKey, runFiles } from '../run-files.ts';
import { sha256Hex } from '../sha256.ts';
import { datasetColumns, type LabelledRow } from '../snapshot/labelled-rows.ts';
import { writeParquet } from '../snapshot/parquet.ts';
import { advanceTraining, beginTraining, type Training } from '../training.ts';

/** Rows of the tests' use case `parcel-time`: minutes grow with the distance, more so in rain. */
export function parcelRows(count: number, seed = 1): LabelledRow[] {
  const rng = createRng(seed);
  return Array.from({ length: count }, (_, i) => {
    const distance = 10 + 3 * normal(rng);
    const weather = rng() < 0.6 ? 'dry' : 'rain';
    const value = 5 + 2 * distance + (weather === 'rain' ? distance : 0) + normal(rng);
    return {
      id: `device01.writer01:${i + 1}`,
      at: 1000 * i,
      features: { distance, weather },
      value,
    };
  });
}

/** A run that has come as far as its dataset. */
export async function parcelTraining(
  bucket: R2Bucket,
  of: { workspace: string; runId: string; declaration: Declaration; rows?: LabelledRow[] },
): Promise<Training> {
  const { workspace, declaration } = of;
  const parquet = writeParquet(datasetColumns(of.rows ?? parcelRows(200), declaration));
  const datasetSha256 = await sha256Hex(parquet);
  await bucket.put(datasetKey(workspace, datasetSha256), parquet);
  return { bucket, workspace, declaration, datasetSha256, files: runFiles(bucket, of) };
}

/** Plans a training that is known to be possible. */
export async function firstStep(training: Training): Promise<string | null> {
  const begun = await beginTraining(training);
  if (!begun.ok) throw new Error(begun.error.detail);
  return begun.value;
}

/** Runs every step; `between` is called after each. @returns the names of the steps */
export async function trainToEnd(
  training: Training,
  between: () => void = () => undefined,
): Promise<string[]> {
  const names: string[] = [];
  for (let next = await firstStep(training); next; next = await advanceTraining(training, next)) {
    if (names.includes(next)) throw new Error(`${next} came twice`);
    names.push(next);
    between();
  }
  return names;
}
