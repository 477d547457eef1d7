import { runPrefix } from '../store/r2-keys.ts';

/** What a run keeps in R2 between its steps: a step's own result may hold 1 MiB at most. */
export type RunFiles = {
  readonly prefix: string;
  write(name: string, value: ArrayBuffer | Uint8Array | string): Promise<void>;
  bytes(name: string): Promise<ArrayBuffer>;
  json<T>(name: string): Promise<T>;
};

export function runFiles(bucket: R2Bucket, run: { workspace: string; runId: string }): RunFiles {
  const prefix = runPrefix(run.workspace, run.runId);
  const read = async (name: string): Promise<R2ObjectBody> => {
    const object = await bucket.get(prefix + name);
    if (!object) throw new Error(`The run's file ${name} is gone from R2.`);
    return object;
  };
  return {
    prefix,
    write: async (name, value) => {
      await bucket.put(prefix + name, value);
    },
    bytes: async (name) => (await read(name)).arrayBuffer(),
    json: async <T>(name: string) => (await read(name)).json<T>(),
  };
}

/** A dataset is named by what it holds. */
export const datasetKey = (workspace: string, sha256: string): string =>
  `w/${workspace}/datasets/${sha256}.parquet`;
