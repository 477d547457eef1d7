import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { unpackPackagedBrowser } from './packaged-browser.ts';

export type FoundBrowser = {
  executablePath: string;
  origin: 'EDGEWISE_BROWSER' | 'system' | 'package';
  /** What the process needs on top of the environment, such as LD_LIBRARY_PATH. */
  environment: Record<string, string>;
};

export type LaunchOptions = {
  /** Switches on top of the quiet, offline set that every launch uses. */
  args?: string[];
  headless?: boolean;
  /** Milliseconds a launch may take. */
  timeoutMs?: number;
};

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const QUIET_SWITCHES = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let found: Promise<FoundBrowser> | null = null;

/**
 * The Chromium that tests run in: the one EDGEWISE_BROWSER names, else the system's, else the one
 * inside the npm package. Throws when none starts: a browser test is never skipped.
 */
export function findBrowser(): Promise<FoundBrowser> {
  found ??= search();
  return found;
}

/** A browser of its own; its contexts keep nothing (as private windows do). */
export async function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  return chromium.launch(await launchSettings(options));
}

export type BrowserProfile = {
  context: BrowserContext;
  userDataDir: string;
  /** Closes the browser and removes its data. */
  close: () => Promise<void>;
};

/**
 * A browser with one ordinary (not private) profile: what installability, storage that outlives a
 * restart and background sync need. An empty profile is made unless `userDataDir` names one.
 */
export async function launchProfile(
  options: LaunchOptions & { userDataDir?: string } = {},
): Promise<BrowserProfile> {
  const userDataDir =
    options.userDataDir ?? (await mkdtemp(join(tmpdir(), 'edgewise-browser-profile-')));
  const settings = await launchSettings(options);
  const context = await chromium.launchPersistentContext(userDataDir, settings);
  const close = async () => {
    await context.close();
    if (!options.userDataDir) await rm(userDataDir, { recursive: true, force: true });
  };
  return { context, userDataDir, close };
}

async function launchSettings(options: LaunchOptions) {
  const browser = await findBrowser();
  return {
    executablePath: browser.executablePath,
    headless: options.headless ?? true,
    timeout: options.timeoutMs ?? 60_000,
    args: [...QUIET_SWITCHES, ...(options.args ?? [])],
    env: { ...definedEnvironment(), ...browser.environment },
  };
}

async function search(): Promise<FoundBrowser> {
  const named = process.env['EDGEWISE_BROWSER'];
  if (named) {
    if (!existsSync(named)) throw new Error(`EDGEWISE_BROWSER names no file: ${named}`);
    return { executablePath: named, origin: 'EDGEWISE_BROWSER', environment: {} };
  }
  const system = process.env['EDGEWISE_BROWSER_PACKAGED'] ? null : onPath(SYSTEM_NAMES);
  if (system) return { executablePath: system, origin: 'system', environment: {} };
  const packaged = await unpackPackagedBrowser();
  return { ...packaged, origin: 'package' };
}

/** The first of `names` on PATH that starts: a snap's launcher, say, may be there and not work. */
function onPath(names: readonly string[]): string | null {
  for (const name of names) {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
      const path = join(folder, name);
      if (isExecutable(path) && starts(path)) return path;
    }
  }
  return null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function starts(path: string): boolean {
  try {
    execFileSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

function definedEnvironment(): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}
