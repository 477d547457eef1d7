import { existsSync } from 'node:fs';
import { configDefaults, defineConfig } from 'vitest/config';

const MINUTE_MS = 60_000;

type NodeProject = {
  name: string;
  include: string[];
  exclude?: string[];
  testTimeoutMs: number;
  isSerial?: boolean;
  /** False: test files share a process's modules, which loads each once. For code without state. */
  isolate?: boolean;
};

/** A project that runs in Node. Serial ones start servers and browsers: one file at a time. */
const nodeProject = ({
  name,
  include,
  exclude = [],
  testTimeoutMs,
  isSerial = false,
  isolate = true,
}: NodeProject) => ({
  test: {
    name,
    include,
    exclude: [...configDefaults.exclude, ...exclude],
    environment: 'node' as const,
    pool: 'forks' as const,
    fileParallelism: !isSerial,
    isolate,
    testTimeout: testTimeoutMs,
    hookTimeout: testTimeoutMs,
  },
});

/** Whole commands, searches and drawn laws, beside what they test: too long for the quick check. */
const LONG = '{shared,cli,web/sdk}/**/*.long.test.ts';

const workerdConfig = 'worker/vitest.config.ts';

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      nodeProject({
        name: 'unit',
        include: [
          'shared/**/*.test.ts',
          'models/**/*.test.ts',
          'cli/**/*.test.ts',
          'scripts/**/*.test.ts',
          'web/sdk/**/*.test.ts',
          'web/app/**/*.test.ts',
          'test/boundaries.test.ts',
          'test/boundaries/**/*.test.ts',
          'test/docs*.test.ts',
        ],
        exclude: [LONG],
        testTimeoutMs: 30_000,
        isolate: false,
      }),
      nodeProject({
        name: 'long',
        include: [LONG],
        testTimeoutMs: MINUTE_MS,
        isolate: false,
      }),
      ...(existsSync(workerdConfig) ? [workerdConfig] : []),
      nodeProject({
        name: 'browser',
        include: [
          'test/browser/**/*.test.ts',
          'test/bundle.test.ts',
          'test/start.test.ts',
          'test/command-line.test.ts',
        ],
        testTimeoutMs: 2 * MINUTE_MS,
        isSerial: true,
      }),
      nodeProject({
        name: 'journey',
        include: ['test/journeys/**/*.test.ts'],
        testTimeoutMs: 8 * MINUTE_MS,
        isSerial: true,
      }),
      nodeProject({
        name: 'parity',
        include: ['test/parity/**/*.test.ts'],
        testTimeoutMs: 5 * MINUTE_MS,
      }),
      nodeProject({
        name: 'simulation',
        include: ['test/simulation/**/*.test.ts'],
        testTimeoutMs: 5 * MINUTE_MS,
      }),
    ],
  },
});
