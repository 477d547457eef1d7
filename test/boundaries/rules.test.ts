import { expect, test } from 'vitest';
import { findViolations } from './check-boundaries.ts';
import { findCycles } from './find-cycles.ts';
import { importsOf } from './imports-of.ts';

const violationsOf = (path: string, text: string) => findViolations(new Map([[path, text]]));

test('a room that reaches up is named with both files and the reason', () => {
  expect(
    violationsOf('shared/stats/psi.ts', "import { tick } from '../decide/rollout.ts';"),
  ).toEqual([
    'shared/stats/psi.ts -> shared/decide/rollout.ts: shared/stats may not import shared/decide',
  ]);
});

test('every way of importing is seen: static, type, dynamic, re-export, import type, worker URL', () => {
  const lines = [
    "import { a } from '../../worker/a.ts';",
    "import type { B } from '../../worker/b.ts';",
    "const c = await import('../../worker/c.ts');",
    "export { d } from '../../worker/d.ts';",
    "type E = import('../../worker/e.ts').E;",
    "new Worker(new URL('../../worker/f.ts', import.meta.url));",
    "import '../../worker/g.ts?worker';",
  ];
  for (const [i, line] of lines.entries()) {
    const [violation] = violationsOf('shared/core/x.ts', line);
    expect([line, violation]).toEqual([
      line,
      `shared/core/x.ts -> worker/${'abcdefg'[i]}.ts: shared/core may not import worker`,
    ]);
  }
});

test('a string or a comment that looks like an import is none', () => {
  expect(
    importsOf('a.ts', "// import '../worker/a.ts'\nconst text = \"import x from './y.ts'\";"),
  ).toEqual([]);
});

test('scripts of a Svelte file count', () => {
  const text = `<script module lang="ts">import A from './a.svelte';</script>
    <p>import me</p>
    <script lang="ts">import { app } from '../../worker/app.ts';</script>`;
  expect(violationsOf('web/app/page.svelte', text)).toEqual([
    'web/app/page.svelte -> worker/app.ts: web/app may not import worker',
  ]);
});

test('a room may import what its rooms may import, and the core', () => {
  const text = "import '../table/csv.ts'; import '../stats/psi.ts'; import '../core/rng.ts';";
  expect(violationsOf('shared/learn/x.ts', text)).toEqual([]);
});

test('the edge Worker may not reach training code, its trainer may', () => {
  const text = "import { train } from '../../shared/train/train.ts';";
  expect(violationsOf('worker/services/runs.ts', text)).toEqual([
    'worker/services/runs.ts -> shared/train/train.ts: worker may not import shared/train',
  ]);
  expect(violationsOf('worker/trainer/steps.ts', text)).toEqual([]);
});

test('packages are a room of their own: shared is pure, Node is for the CLI', () => {
  expect(violationsOf('shared/table/read.ts', "import fs from 'node:fs';")).toEqual([
    'shared/table/read.ts -> node:fs: shared/table may not import this package',
  ]);
  expect(violationsOf('web/sdk/client.ts', "import { svelte } from 'svelte';")).toHaveLength(1);
  expect(violationsOf('cli/main.ts', "import fs from 'node:fs';")).toEqual([]);
});

test('nothing imports a test, and a test may import anything', () => {
  expect(violationsOf('cli/a.ts', "import './b.test.ts';")).toHaveLength(1);
  expect(violationsOf('cli/a.ts', "import '../test/support/api.ts';")).toHaveLength(1);
  expect(violationsOf('shared/core/a.test.ts', "import '../../worker/app.ts';")).toEqual([]);
});

test('a file in no room and a relative import without its ending are violations', () => {
  expect(violationsOf('extra/a.ts', '')).toHaveLength(1);
  expect(violationsOf('cli/a.ts', "import './b';")).toHaveLength(1);
});

test('only the parity tests read beside the checkout', () => {
  const text = "const url = new URL('../../../shared/conformance/a.json', import.meta.url);";
  expect(violationsOf('test/parity/a.test.ts', text)).toEqual([]);
  expect(violationsOf('test/browser/a.test.ts', text)).toEqual([
    'test/browser/a.test.ts -> ../shared/conformance/a.json: only test/parity/ reads beside the checkout',
  ]);
});

test('a cycle is shown with its whole way round, a cycle of types is none', () => {
  const cycle = new Map([
    ['cli/a.ts', "import { b } from './b.ts';"],
    ['cli/b.ts', "export { c } from './c.ts';"],
    ['cli/c.ts', "const a = await import('./a.ts');"],
  ]);
  expect(findCycles(cycle)).toEqual(['cli/a.ts -> cli/b.ts -> cli/c.ts -> cli/a.ts']);
  expect(findCycles(new Map([...cycle, ['cli/c.ts', "import type { A } from './a.ts';"]]))).toEqual(
    [],
  );
});
