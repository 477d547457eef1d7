import { execFileSync, spawnSync } from 'node:child_process';

/** Debian's own interpreter: the one that its packages are installed for. */
const PYTHON = '/usr/bin/python3';

const MINUTE_MS = 60_000;

/** One thread each, as the peers are compared. */
const ONE_THREAD = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

const canImport = (module: string): boolean =>
  spawnSync(PYTHON, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0;

/**
 * Makes a Python module of a Debian package importable, installing the package where it is absent.
 * @returns null, or why there is no such peer here
 */
export function setUpPeer(module: string, debianPackage: string): string | null {
  if (canImport(module)) return null;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, stdio: 'ignore', timeout: 10 * MINUTE_MS } as const;
  spawnSync('apt-get', ['update'], options);
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', debianPackage], options);
  return canImport(module) ? null : `${debianPackage} cannot be installed here`;
}

/** Runs a Python program on one thread. @returns what it printed, read as JSON */
export function runPeer<T>(program: string, input: unknown): T {
  const printed = execFileSync(PYTHON, ['-c', program], {
    input: JSON.stringify(input),
    env: { ...process.env, ...ONE_THREAD },
    maxBuffer: 1 << 30,
    timeout: 5 * MINUTE_MS,
  });
  return JSON.parse(printed.toString());
}
