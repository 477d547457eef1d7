/** One room: who lives there and what they may reach. The twin of the table in docs/architecture.md. */
export type Room = {
  name: string;
  /** Path prefixes from the repository's root; the longest that fits decides a file's room. */
  paths: string[];
  /** Rooms it may import, and with them all that those may import. */
  rooms: string[];
  /** Packages it may import: exact names, or a prefix that ends in `*`. */
  packages: string[];
};

const SHARED = [
  'shared/core',
  'shared/contracts',
  'shared/table',
  'shared/stats',
  'shared/prepare',
  'shared/learn',
  'shared/report',
  'shared/onnx',
  'shared/decide',
  'shared/simulate',
  'shared/use-case',
  'shared/train',
];

const PARQUET = ['hyparquet', 'hyparquet/*', 'hyparquet-writer', 'hyparquet-writer/*'];

const shared = (name: string, rooms: string[], packages: string[] = []): Room => ({
  name: `shared/${name}`,
  paths: [`shared/${name}/`],
  rooms: rooms.map((room) => `shared/${room}`),
  packages,
});

export const MATRIX: readonly Room[] = [
  shared('core', []),
  shared('contracts', ['core'], ['valibot']),
  shared('table', ['core'], PARQUET),
  shared('stats', ['core', 'contracts', 'table']),
  shared('report', ['contracts', 'stats']),
  shared('prepare', ['table', 'stats']),
  shared('learn', ['prepare', 'stats']),
  shared('onnx', ['learn'], ['@bufbuild/protobuf', '@bufbuild/protobuf/*']),
  shared(
    'neural',
    ['learn'],
    [...['core', 'layers', 'converter'].map((part) => `@tensorflow/tfjs-${part}`), 'valibot'],
  ),
  shared('decide', ['stats', 'contracts']),
  shared('simulate', ['table', 'stats']),
  shared('use-case', ['contracts', 'table', 'decide'], ['valibot']),
  shared('train', ['onnx', 'decide', 'use-case', 'contracts'], ['valibot']),
  {
    // No training: the edge Worker imports the models' declarations.
    name: 'models',
    paths: ['models/'],
    rooms: ['shared/use-case', 'shared/simulate'],
    packages: [],
  },
  {
    // The edge Worker: of shared, what judges and decides, and nothing that trains.
    name: 'worker',
    paths: ['worker/'],
    rooms: ['shared/contracts', 'shared/stats', 'shared/decide', 'shared/use-case', 'models'],
    packages: ['hono', 'hono/*', 'valibot', 'cloudflare:*', ...PARQUET],
  },
  {
    name: 'worker/trainer',
    paths: ['worker/trainer/'],
    rooms: [...SHARED, 'models', 'worker'],
    packages: ['valibot', 'cloudflare:*', ...PARQUET],
  },
  {
    name: 'web/sdk',
    paths: ['web/sdk/'],
    rooms: [...SHARED, 'shared/neural'],
    packages: [
      ...['@openfeature/*', 'idb', 'onnxruntime-web', 'onnxruntime-web/*', 'valibot'],
      ...['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu'],
    ],
  },
  {
    name: 'web/app',
    paths: ['web/app/'],
    rooms: ['web/sdk', ...SHARED, 'models'],
    packages: ['svelte', 'svelte/*', 'uplot', 'uplot/*', 'valibot', 'virtual:*'],
  },
  {
    name: 'web/app/build',
    paths: ['web/app/build/', 'web/app/vite.config.ts'],
    rooms: ['web/app'],
    packages: ['node:*', 'vite', 'vite-plugin-pwa', '@sveltejs/*', 'valibot'],
  },
  {
    name: 'web/service-worker',
    paths: ['web/service-worker/'],
    rooms: ['web/sdk', ...SHARED, 'models'],
    packages: ['workbox-*', 'valibot'],
  },
  {
    name: 'cli',
    paths: ['cli/'],
    rooms: [...SHARED, 'shared/neural', 'models', 'web/sdk'],
    packages: [
      ...['node:*', '@stricli/core', 'valibot', 'onnxruntime-web/*', ...PARQUET],
      '@tensorflow/*',
    ],
  },
  {
    name: 'scripts',
    paths: ['scripts/'],
    rooms: ['cli', ...SHARED, 'models'],
    packages: ['node:*', 'wrangler', 'valibot'],
  },
  {
    name: 'test',
    paths: ['test/', 'vitest.config.ts', 'worker/vitest.config.ts'],
    rooms: ['*'],
    packages: ['*'],
  },
];

/** Single imports beyond the matrix, each with the reason it is right. */
export const EXCEPTIONS: readonly { from: string; to: string; why: string }[] = [
  {
    from: 'scripts/',
    to: 'worker/store/bootstrap-sql.ts',
    why: 'the first workspace and its keys are made before there is a server to ask',
  },
];

/** The only folder whose files may reach beside the checkout: comparisons with ../shared. */
export const REACHES_OUT = 'test/parity/';
