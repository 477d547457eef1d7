import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';

/** Libraries of a bare machine's missing list, and the software GL, beside the browser itself. */
const ARCHIVES = ['al2023.tar.br', 'swiftshader.tar.br'];

/**
 * Unpacks the browser inside @sparticuz/chromium once per machine, user and version. The package's
 * own `executablePath()` unpacks to a name shared by all versions and only knows Lambda's libraries.
 */
export async function unpackPackagedBrowser(): Promise<{
  executablePath: string;
  environment: Record<string, string>;
}> {
  const root = packageRoot();
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const home = join(tmpdir(), `edgewise-chromium-${version}-${process.getuid?.() ?? 0}`);
  if (!existsSync(home)) await unpackInto(home, join(root, 'bin'));
  const executablePath = join(home, 'chromium');
  const environment = { LD_LIBRARY_PATH: libraryPath(join(home, 'lib')) };
  for (const candidate of [{}, environment]) {
    if (starts(executablePath, candidate)) return { executablePath, environment: candidate };
  }
  throw new Error(
    `No browser: neither Chromium nor Chrome is on PATH, and the packaged one at ${executablePath} does not start. Install Chromium, or name one in EDGEWISE_BROWSER.`,
  );
}

function packageRoot(): string {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  return dirname(dirname(entry));
}

/** Two test processes may unpack at once: each does so aside, the first rename wins. */
async function unpackInto(home: string, source: string): Promise<void> {
  await mkdir(dirname(home), { recursive: true });
  const aside = await mkdtemp(`${home}-`);
  const target = join(aside, 'chromium');
  await pipeline(
    createReadStream(join(source, 'chromium.br')),
    createBrotliDecompress(),
    createWriteStream(target, { mode: 0o755 }),
  );
  for (const archive of ARCHIVES) await unpackArchive(join(source, archive), aside);
  try {
    await rename(aside, home);
  } catch (error) {
    if (!existsSync(join(home, 'chromium'))) throw error;
    await rm(aside, { recursive: true });
  }
}

async function unpackArchive(path: string, folder: string): Promise<void> {
  const tar = createReadStream(path).pipe(createBrotliDecompress());
  const chunks: Uint8Array[] = [];
  for await (const chunk of Readable.from(tar)) chunks.push(chunk);
  execFileSync('tar', ['-x', '-C', folder], { input: Buffer.concat(chunks) });
}

function libraryPath(folder: string): string {
  const inherited = process.env['LD_LIBRARY_PATH'];
  return inherited ? `${folder}:${inherited}` : folder;
}

function starts(path: string, environment: Record<string, string>): boolean {
  try {
    execFileSync(path, ['--version'], {
      stdio: 'ignore',
      timeout: 20_000,
      env: { ...process.env, ...environment },
    });
    return true;
  } catch {
    return false;
  }
}
