import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findViolations } from './boundaries/check-boundaries.ts';
import { findCycles } from './boundaries/find-cycles.ts';
import { MATRIX } from './boundaries/matrix.ts';

const root = join(import.meta.dirname, '..');

/** Every source that git knows or would add. */
const sources = new Map(
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  })
    .split('\n')
    .filter((path) => /\.(ts|svelte)$/.test(path) && existsSync(join(root, path)))
    .map((path): [string, string] => [path, readFileSync(join(root, path), 'utf8')]),
);

test('every import is one that the matrix allows', () => {
  expect(sources.size).toBeGreaterThan(50);
  expect(findViolations(sources)).toEqual([]);
});

test('no import is circular', () => {
  expect(findCycles(sources)).toEqual([]);
});

test('the matrix and the table in docs/architecture.md name the same rooms', () => {
  const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const table = text.slice(text.indexOf('| room |'), text.indexOf('Every room of'));
  const names = [...table.matchAll(/^\| ([a-z/, -]+) \|/gm)].flatMap(([, cell]) =>
    cell.split(', '),
  );
  expect(MATRIX.map(({ name }) => name).sort()).toEqual(
    names.filter((name) => name !== 'room').sort(),
  );
});
