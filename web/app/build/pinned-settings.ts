import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Plugin } from 'vite';

const trustedKeys = v.object({
  publisher: v.pipe(v.array(v.string()), v.minLength(1, 'expected at least one public key')),
  retraining: v.optional(v.array(v.string()), []),
});
/** The secret key stands in the same file and is not read: it must never reach a bundle. */
const credentials = v.object({
  publishableKey: v.pipe(v.string(), v.startsWith('pk_', 'expected a publishable key (pk_...)')),
});

export type PinnedSettings = {
  trustedKeys: v.InferOutput<typeof trustedKeys>;
  publishableKey: string;
};

/**
 * Reads what a build pins, from EDGEWISE_STATE_DIR, else `.edgewise/` in the repository's root.
 * @throws Error with the file and what to do about it
 */
export function readPinnedSettings(root: string): PinnedSettings {
  const folder = process.env['EDGEWISE_STATE_DIR'] || join(root, '.edgewise');
  const keysMadeBy = 'npm run -s edgewise -- keys new';
  return {
    trustedKeys: readPart(folder, 'trusted-keys.json', trustedKeys, keysMadeBy),
    publishableKey: readPart(folder, 'credentials.json', credentials, 'npm start').publishableKey,
  };
}

function readPart<S extends v.GenericSchema>(
  folder: string,
  file: string,
  schema: S,
  madeBy: string,
): v.InferOutput<S> {
  const name = join(folder, file);
  const remedy = `The app cannot be built without it; make it with \`${madeBy}\`.`;
  let text: string;
  try {
    text = readFileSync(name, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ENOENT') throw error;
    throw new Error(`${name} does not exist. ${remedy}`);
  }
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new Error(`${name} is not JSON. ${remedy}`);
  }
  const parsed = v.safeParse(schema, data);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new Error(`${name}: ${v.getDotPath(issue) ?? 'file'}: ${issue.message}. ${remedy}`);
}

const MODULE = 'virtual:pinned-settings';

/** Serves what is pinned to the app as a module. Read when a build starts, so that checkers need no keys. */
export function pinnedSettings(root: string): Plugin {
  let settings: PinnedSettings;
  return {
    name: 'pinned-settings',
    buildStart() {
      settings = readPinnedSettings(root);
    },
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : null),
    load(id) {
      if (id !== `\0${MODULE}`) return null;
      return Object.entries(settings)
        .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
        .join('\n');
    },
  };
}
