import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Task } from './run-tasks.ts';

/** Every side has a tsconfig of its own, so that the compiler polices what it may touch. */
const SIDES = [
  'shared',
  'shared/neural',
  'models',
  'worker',
  'worker/tsconfig.test.json',
  'web/sdk',
  'web/app/build',
  'web/service-worker',
  'cli',
  'test',
];

/** What `npm run check` runs beside the unit tests: slow ones first, so that two fill both cores. */
export function checkTasks(root: string): Task[] {
  const types = SIDES.filter((side) => existsSync(join(root, side))).map(
    (side): Task => ({
      name: `types ${side}`,
      command: 'tsc',
      args: ['-p', side, ...cached(side)],
    }),
  );
  return [
    {
      name: 'svelte-check web/app',
      command: 'svelte-check',
      args: ['--tsconfig', 'web/app/tsconfig.json', '--output', 'human', '--fail-on-warnings'],
    },
    ...types.sort((a, b) => weight(b.name) - weight(a.name)),
    { name: 'biome', command: 'biome', args: ['check', '--max-diagnostics=50', '.'] },
  ];
}

/** What the compiler found out last time; a clean clone has none and is checked in full. */
const cached = (side: string): string[] => [
  '--incremental',
  '--tsBuildInfoFile',
  `node_modules/.cache/types/${side.replaceAll('/', '-')}.tsbuildinfo`,
];

const weight = (name: string): number => (name === 'types test' ? 1 : 0);

/** One vitest project, its JSON report written to `reportPath`. */
export function vitestTask(project: string, reportPath: string): Task {
  return {
    name: `tests ${project}`,
    command: 'vitest',
    args: [
      'run',
      '--project',
      project,
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${reportPath}`,
    ],
    environment: { CI: '1', NO_COLOR: '1' },
  };
}
