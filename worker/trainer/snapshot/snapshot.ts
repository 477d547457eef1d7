import type { Declaration } from '../../../shared/contracts/declaration.ts';
import { datasetKey, type RunFiles } from '../run-files.ts';
import { sha256Hex } from '../sha256.ts';
import { datasetColumns, joinLabels, type LabelledRow, labelMap } from './labelled-rows.ts';
import { inOrderOfArrival, listNewest } from './list-raw.ts';
import { writeParquet } from './parquet.ts';
import { type RawEvents, type RawLabel, type RawPrediction, readRawObject } from './raw-batches.ts';

export type SnapshotSource = { bucket: R2Bucket; workspace: string; model: string };

/** Raw objects one step reads: bounded in subrequests and in memory. */
const OBJECTS_PER_STEP = 100;
const MAX_OBJECTS = 5000;
/** Newest labelled rows a dataset holds at most. */
const MAX_ROWS = 100_000;

/** Notes which raw objects the snapshot is made of. @returns how many reading steps follow */
export async function listRaw(source: SnapshotSource, files: RunFiles): Promise<number> {
  const { bucket, workspace, model } = source;
  const batches = await listNewest(bucket, `w/${workspace}/telemetry/${model}/`, MAX_OBJECTS);
  const outcomes = await listNewest(bucket, `w/${workspace}/outcomes/${model}/`, MAX_OBJECTS);
  const keys = inOrderOfArrival([...batches, ...outcomes]);
  await files.write('raw-keys', JSON.stringify(keys));
  return Math.ceil(keys.length / OBJECTS_PER_STEP);
}

/** Reads one slice of the raw objects and keeps what training needs of them. */
export async function readRaw(
  source: SnapshotSource,
  files: RunFiles,
  slice: number,
): Promise<void> {
  const keys = await files.json<string[]>('raw-keys');
  const events: RawEvents = { predictions: [], labels: [] };
  for (const key of keys.slice(slice * OBJECTS_PER_STEP, (slice + 1) * OBJECTS_PER_STEP)) {
    const object = await source.bucket.get(key);
    if (!object) continue;
    const read = await readRawObject(object);
    for (const prediction of read.predictions) events.predictions.push(prediction);
    for (const label of read.labels) events.labels.push(label);
  }
  await files.write(`predictions-${slice}`, JSON.stringify(events.predictions));
  await files.write(`labels-${slice}`, JSON.stringify(events.labels));
}

export type Snapshot = { sha256: string; rows: number };

/**
 * Joins labels to predictions and writes the dataset, oldest prediction first, as one Parquet file
 * named by its hash. The newest slices are joined first, until there are `maxRows`. Of an id that
 * lies in two raw objects (a crash between a refused batch and its removal), the first counts.
 */
export async function joinSnapshot(
  source: SnapshotSource,
  files: RunFiles,
  options: { slices: number; declaration: Declaration; maxRows?: number },
): Promise<Snapshot> {
  const { slices, declaration, maxRows = MAX_ROWS } = options;
  const labels = new Map<string, number>();
  const task = declaration.task.type;
  for (let slice = 0; slice < slices; slice++)
    labelMap(await files.json<RawLabel[]>(`labels-${slice}`), { task, into: labels });
  const joined = new Map<string, LabelledRow>();
  for (let slice = slices - 1; slice >= 0 && joined.size < maxRows; slice--) {
    const predictions = await files.json<RawPrediction[]>(`predictions-${slice}`);
    for (const row of joinLabels(predictions.reverse(), labels)) joined.set(row.id, row);
  }
  const rows = [...joined.values()]
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    .slice(-maxRows);
  const parquet = writeParquet(datasetColumns(rows, declaration));
  const sha256 = await sha256Hex(parquet);
  await source.bucket.put(datasetKey(source.workspace, sha256), parquet);
  return { sha256, rows: rows.length };
}
