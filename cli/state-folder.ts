import { join, resolve } from 'node:path';
import type { CliContext } from './context.ts';

export type StateFolder = {
  /** `.edgewise`, or where EDGEWISE_STATE_DIR says. */
  root: string;
  publisherKey: string;
  retrainingKey: string;
  trustedKeys: string;
  credentials: string;
};

/** The paths of everything kept on this machine that is not in git: keys, credentials, local data. */
export function stateFolder(root: string): StateFolder {
  return {
    root,
    publisherKey: join(root, 'keys', 'publisher.json'),
    retrainingKey: join(root, 'keys', 'retraining.json'),
    trustedKeys: join(root, 'trusted-keys.json'),
    credentials: join(root, 'credentials.json'),
  };
}

export const stateFolderOf = ({ environment, cwd }: Pick<CliContext, 'environment' | 'cwd'>) =>
  stateFolder(resolve(cwd, environment['EDGEWISE_STATE_DIR'] || '.edgewise'));
