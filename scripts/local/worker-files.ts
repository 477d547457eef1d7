import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { experimental_readRawConfig } from 'wrangler';
import { writePrivateText } from '../../cli/private-file.ts';
import type { StoredKey } from '../../cli/signing-key.ts';
import { type LocalPaths, ROOT } from './local-paths.ts';

/** The part of a wrangler file that is looked at or changed here; the rest goes through as it is. */
export type WorkerConfig = {
  main?: string;
  compatibility_date?: string;
  assets?: { directory?: string };
  d1_databases?: { migrations_dir?: string }[];
  triggers?: { crons?: string[] };
};

export type WorkerFiles = {
  edge: WorkerConfig;
  /** Null where no trainer Worker is there. */
  trainer: WorkerConfig | null;
};

/** The Workers as their wrangler files say, with absolute paths. */
export function readWorkerFiles(): WorkerFiles {
  const trainer = join(ROOT, 'worker/trainer/wrangler.toml');
  const hasTrainer = existsSync(trainer) && existsSync(join(ROOT, 'worker/trainer/main.ts'));
  return {
    edge: readConfig(join(ROOT, 'wrangler.toml')),
    trainer: hasTrainer ? readConfig(trainer) : null,
  };
}

function readConfig(path: string): WorkerConfig {
  const config = experimental_readRawConfig({ config: path }).rawConfig as WorkerConfig;
  const absolute = (relative: string): string => resolve(dirname(path), relative);
  const databases = config.d1_databases?.map((database) => ({
    ...database,
    migrations_dir: database.migrations_dir && absolute(database.migrations_dir),
  }));
  return { ...config, main: config.main && absolute(config.main), d1_databases: databases };
}

/**
 * Writes this instance's own wrangler files: its PWA, and the retraining key as a secret that the
 * trainer alone is given.
 * @returns their paths, the edge Worker's first
 */
export async function writeWorkerFiles(
  paths: LocalPaths,
  { edge, trainer }: WorkerFiles,
  retrainingKey: StoredKey,
): Promise<string[]> {
  const edgePath = join(paths.workers, 'edge', 'wrangler.json');
  await writeConfig(edgePath, { ...edge, assets: { ...edge.assets, directory: paths.app } });
  if (!trainer) return [edgePath];
  const trainerPath = join(paths.workers, 'trainer', 'wrangler.json');
  await writeConfig(trainerPath, trainer);
  const { keyId, publicKey, privateKey } = retrainingKey;
  const secret = JSON.stringify({ keyId, publicKey, privateKey });
  const secretFile = join(paths.workers, 'trainer', '.dev.vars');
  await writePrivateText(secretFile, `RETRAINING_KEY='${secret}'\n`);
  return [edgePath, trainerPath];
}

async function writeConfig(path: string, config: WorkerConfig): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(config, null, 2));
}
