import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RouteMap } from '@stricli/core';
import { expect, test } from 'vitest';
import { application } from '../cli/application.ts';
import type { CliContext } from '../cli/context.ts';
import { documentedIn } from './docs/documented.ts';

const root = join(import.meta.dirname, '..');
const texts = [
  'README.md',
  ...globSync(['docs/**/*.md', '{cli,models,scripts,shared,test,web,worker}/**/README.md'], {
    cwd: root,
  }),
].map((path) => ({ path, documented: documentedIn(readFileSync(join(root, path), 'utf8')) }));

/** Every promise that is not kept, as `text: promise`. */
const broken = (
  promises: (text: (typeof texts)[number]) => readonly string[],
  isKept: (promise: string, text: string) => boolean,
): string[] =>
  texts.flatMap((text) =>
    promises(text)
      .filter((promise) => !isKept(promise, text.path))
      .map((promise) => `${text.path}: ${promise}`),
  );

test('every npm script that a text names is in package.json', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const named = ({ documented }: (typeof texts)[number]) => documented.npmScripts;
  expect(texts.flatMap(named).length).toBeGreaterThan(5);
  expect(broken(named, (name) => Object.hasOwn(scripts, name))).toEqual([]);
});

test('every edgewise command that a text names is one the CLI knows', () => {
  const named = ({ documented }: (typeof texts)[number]) =>
    documented.commands.map((words) => words.join(' '));
  expect(texts.flatMap(named).length).toBeGreaterThan(5);
  expect(broken(named, (command) => isCommand(command.split(' ')))).toEqual([]);
});

test('every path and every link leads somewhere', () => {
  expect(
    broken(
      ({ documented }) => documented.paths,
      (path) => existsSync(join(root, path)),
    ),
  ).toEqual([]);
  expect(
    broken(
      ({ documented }) => documented.links,
      (link, text) => existsSync(join(root, dirname(text), link)),
    ),
  ).toEqual([]);
});

test('a promise is found in code and links, and not in prose', () => {
  const found = documentedIn(
    [
      'Prose: npm run nothing, edgewise nothing, docs/nothing.md.',
      '`npm run -s edgewise -- keys new --force`, `test/support/wait.ts`, [a](../b.md#c)',
      '```sh\nnpm start\n```',
      '| GET, PUT /v1/a/:b, /v1/c?d= | sk | e |',
    ].join('\n'),
  );
  expect(found).toEqual({
    npmScripts: ['edgewise', 'start'],
    commands: [['keys', 'new']],
    paths: ['test/support/wait.ts'],
    links: ['../b.md'],
    routes: [
      { method: 'GET', path: '/v1/a/:b' },
      { method: 'PUT', path: '/v1/a/:b' },
      { method: 'GET', path: '/v1/c' },
      { method: 'PUT', path: '/v1/c' },
    ],
  });
});

/** Walks the route map by the words until one names a command; what follows are arguments. */
function isCommand(words: string[]): boolean {
  let target: ReturnType<RouteMap<CliContext>['getRoutingTargetForInput']> = application.root;
  for (const word of words) {
    if (!target || !('getRoutingTargetForInput' in target)) break;
    target = target.getRoutingTargetForInput(word);
  }
  return target !== undefined && !('getRoutingTargetForInput' in target);
}
