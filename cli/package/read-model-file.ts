import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ok, type Result } from '../../shared/core/result.ts';
import { readTfjsModel, shardPaths } from '../../shared/neural/tfjs-model/read-tfjs-model.ts';
import type { TfjsProblem } from '../../shared/neural/tfjs-model/tfjs-file.ts';
import { type CliFailure, failed, whyNot } from '../failure.ts';

/** A model that was exported elsewhere, as one file. */
export type ModelFile = { format: 'onnx' | 'tfjs'; bytes: Uint8Array<ArrayBuffer> };

/** A tfjs model is a folder that its model.json names; anything else is taken for an ONNX file. */
export async function readModelFile(path: string): Promise<Result<ModelFile, CliFailure>> {
  const read = await readBytes(path);
  if (!read.ok) return read;
  return path.endsWith('.json')
    ? readTfjsFolder(path, read.value)
    : ok({ format: 'onnx', bytes: read.value });
}

async function readBytes(
  path: string,
  hint = '',
): Promise<Result<Uint8Array<ArrayBuffer>, CliFailure>> {
  try {
    return ok(new Uint8Array(await readFile(path)));
  } catch (error) {
    return failed('file', `${path} cannot be read: ${whyNot(error)}.${hint}`);
  }
}

const COPY = 'Copy the whole folder that tfjs or its converter wrote, or export the model again.';

/** model.json and the shards that it names, which lie beside it. */
async function readTfjsFolder(
  path: string,
  json: Uint8Array,
): Promise<Result<ModelFile, CliFailure>> {
  const modelJson = new TextDecoder().decode(json);
  const named = shardPaths(modelJson);
  if (!named.ok) return notTfjs(path, named.error);
  const shards = new Map<string, Uint8Array>();
  for (const name of named.value) {
    const shard = await readBytes(join(dirname(path), name), ` ${path} names it. ${COPY}`);
    if (!shard.ok) return shard;
    shards.set(name, shard.value);
  }
  const file = readTfjsModel({ modelJson, shards });
  return file.ok ? ok({ format: 'tfjs', bytes: file.value }) : notTfjs(path, file.error);
}

const notTfjs = (path: string, { reason, detail }: TfjsProblem) =>
  failed(
    'version_files',
    reason === 'missing_weights'
      ? `${path} and its shards are not whole: ${detail}. ${COPY}`
      : `${path} is not the model.json of a tfjs model: ${detail}.`,
  );
