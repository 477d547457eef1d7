import { join, resolve } from 'node:path';
import { type StateFolder, stateFolder } from '../../cli/state-folder.ts';

export const ROOT = resolve(import.meta.dirname, '../..');

/** Where one local instance keeps everything; two folders are two instances that share nothing. */
export type LocalPaths = StateFolder & {
  /** D1, R2, Durable Objects and Workflows, as wrangler persists them. */
  data: string;
  /** The built PWA, and what it was built from. */
  app: string;
  appInputs: string;
  /** Wrangler files with this instance's paths in them. */
  workers: string;
  /** Where this instance's two Workers find each other, and no other instance's. */
  registry: string;
  /** Trained demo versions. */
  demo: string;
  log: string;
  lock: string;
};

export function localPaths(root: string): LocalPaths {
  return {
    ...stateFolder(root),
    data: join(root, 'state'),
    app: join(root, 'app'),
    appInputs: join(root, 'app-inputs.json'),
    workers: join(root, 'workers'),
    registry: join(root, 'workers', 'registry'),
    demo: join(root, 'demo'),
    log: join(root, 'server.log'),
    lock: join(root, 'running.json'),
  };
}
